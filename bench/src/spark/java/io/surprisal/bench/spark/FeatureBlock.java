package io.surprisal.bench.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Some rows of features with their labels, as floats in one array: the columns of a row that are
 * not 0, or all of them.
 *
 * @param starts where each row begins, and the last one ends
 * @param columns of the values, or null where every row has every column
 * @param values the features
 * @param labels {@code [rows]}
 */
record FeatureBlock(int[] starts, int[] columns, float[] values, int[] labels)
    implements Serializable {
  /** Rows of a block: one row tile. */
  private static final int ROWS = 1024;

  int rows() {
    return labels.length;
  }

  /** The columns {@code features} and {@code label} of a table as MLlib takes it. */
  static JavaRDD<FeatureBlock> of(Dataset<Row> table) {
    return table.select("features", "label").javaRDD().mapPartitions(FeatureBlock::blocks);
  }

  private static Iterator<FeatureBlock> blocks(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public FeatureBlock next() {
        List<Vector> vectors = new ArrayList<>();
        int[] labels = new int[ROWS];
        while (vectors.size() < ROWS && rows.hasNext()) {
          Row row = rows.next();
          labels[vectors.size()] = (int) row.getDouble(1);
          vectors.add(row.getAs(0));
        }
        return of(vectors, Arrays.copyOf(labels, vectors.size()));
      }
    };
  }

  private static FeatureBlock of(List<Vector> vectors, int[] labels) {
    boolean sparse = vectors.stream().anyMatch(SparseVector.class::isInstance);
    int[] starts = new int[vectors.size() + 1];
    for (int row = 0; row < vectors.size(); row++) {
      Vector vector = vectors.get(row);
      starts[row + 1] = starts[row] + (sparse ? vector.numActives() : vector.size());
    }
    float[] values = new float[starts[vectors.size()]];
    int[] columns = sparse ? new int[values.length] : null;
    for (int row = 0; row < vectors.size(); row++) {
      fill(vectors.get(row), starts[row], columns, values);
    }
    return new FeatureBlock(starts, columns, values, labels);
  }

  private static void fill(Vector vector, int start, int[] columns, float[] values) {
    int next = start;
    if (columns == null) {
      for (double value : vector.toArray()) {
        values[next++] = (float) value;
      }
      return;
    }
    SparseVector sparse = vector.toSparse();
    for (int i = 0; i < sparse.indices().length; i++) {
      columns[start + i] = sparse.indices()[i];
      values[start + i] = (float) sparse.values()[i];
    }
  }

  /**
   * The product with a matrix, and its rows with a vector added: logits.
   *
   * @param weights {@code [features + 1 × classes]}, the intercepts last
   * @param logits {@code [rows × classes]}, written
   */
  void multiply(float[] weights, int classes, float[] logits) {
    int intercepts = weights.length - classes;
    for (int row = 0; row < rows(); row++) {
      int out = row * classes;
      System.arraycopy(weights, intercepts, logits, out, classes);
      for (int i = starts[row]; i < starts[row + 1]; i++) {
        int from = column(row, i) * classes;
        float value = values[i];
        for (int c = 0; c < classes; c++) {
          logits[out + c] += value * weights[from + c];
        }
      }
    }
  }

  /**
   * Adds the product of the transposed block with a matrix: the gradient of the weights.
   *
   * @param slopes {@code [rows × classes]}, the gradient of the logits
   * @param gradient {@code [features + 1 × classes]}, added to
   */
  void addTransposed(float[] slopes, int classes, double[] gradient) {
    int intercepts = gradient.length - classes;
    for (int row = 0; row < rows(); row++) {
      int from = row * classes;
      for (int i = starts[row]; i < starts[row + 1]; i++) {
        add(slopes, from, values[i], gradient, column(row, i) * classes, classes);
      }
      add(slopes, from, 1, gradient, intercepts, classes);
    }
  }

  private static void add(
      float[] slopes, int from, double factor, double[] gradient, int to, int classes) {
    for (int c = 0; c < classes; c++) {
      gradient[to + c] += factor * slopes[from + c];
    }
  }

  private int column(int row, int i) {
    return columns == null ? i - starts[row] : columns[i];
  }
}
