package io.surprisal.bench.spark;

import io.surprisal.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Logits with labels, the same for every test: as arrays, and as a table.
 *
 * @param logits {@code [rows × classes]}, every one a bf16 number
 * @param labels {@code [rows]}, some −100
 */
record Corpus(Matrix logits, int[] labels) {
  static Corpus of(int rows, int classes) {
    Random random = new Random(classes);
    float[] logits = new float[rows * classes];
    for (int i = 0; i < logits.length; i++) {
      int bits = Float.floatToIntBits((float) (3 * random.nextGaussian()));
      logits[i] = Float.intBitsToFloat(bits & 0xFFFF_0000);
    }
    int[] labels = new int[rows];
    Arrays.setAll(labels, row -> row % 11 == 5 ? -100 : random.nextInt(classes));
    return new Corpus(Matrix.of(logits, classes), labels);
  }

  int rows() {
    return labels.length;
  }

  private float[] row(int row) {
    int start = logits.rowStart(row);
    return Arrays.copyOfRange(logits.data(), start, start + logits.classes());
  }

  private byte[] bytes(int row) {
    byte[] bytes = new byte[2 * logits.classes()];
    for (int c = 0; c < logits.classes(); c++) {
      int bits = Float.floatToIntBits(logits.get(row, c));
      bytes[2 * c] = (byte) (bits >>> 16);
      bytes[2 * c + 1] = (byte) (bits >>> 24);
    }
    return bytes;
  }

  /** A table of so many partitions, rows in order, all but the last of the same size. */
  Dataset<Row> table(SparkSession session, int partitions, LogitFormat format) {
    boolean floats = format == LogitFormat.FLOATS;
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < rows(); row++) {
      Object values = floats ? row(row) : bytes(row);
      rows.add(RowFactory.create(values, labels[row], row % 3));
    }
    StructType schema =
        new StructType()
            .add(
                "logits",
                floats ? DataTypes.createArrayType(DataTypes.FloatType) : DataTypes.BinaryType)
            .add("label", DataTypes.IntegerType)
            .add("part", DataTypes.IntegerType);
    var context = new org.apache.spark.api.java.JavaSparkContext(session.sparkContext());
    return session.createDataFrame(context.parallelize(rows, partitions), schema);
  }
}
