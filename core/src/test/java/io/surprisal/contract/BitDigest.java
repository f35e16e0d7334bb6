package io.surprisal.contract;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import io.surprisal.Totals;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One number for the bits of every operation on inputs that cover all ways of computing: the bit
 * contract, to be compared between machines, vector widths, interpreter and compiler.
 *
 * <p>Inputs come from an integer hash and float arithmetic alone, so they are the same everywhere.
 */
public final class BitDigest {
  private static final int[][] SHAPES = {
    {60, 1},
    {60, 2},
    {60, 3},
    {60, 4},
    {60, 7},
    {60, 10},
    {40, 16},
    {40, 31},
    {40, 33},
    {30, 64},
    {30, 65},
    {30, 130},
    {30, 1000},
    {6, 2049},
    {4, 4099},
    {2, 16_384},
    {2, 16_389},
    {1, 50_257}
  };

  /** Logits of a row lie within ± a magnitude around an offset; a row takes the next pair. */
  private static final float[] MAGNITUDES = {
    1, 4, 30, 63, 65, 90, 250, 260, 600, 5000, 20, 1e6f, 3e38f, 2, 0x1p-130f
  };

  private static final float[] OFFSETS = {0, 0, 100, -5, 1e4f, -300, 0, 1e6f, -50, 60, -1e5f};

  private final MessageDigest digest;
  private final Execution execution;
  private final ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
  private long state;

  private BitDigest(Kernel kernel) throws NoSuchAlgorithmException {
    digest = MessageDigest.getInstance("SHA-256");
    execution = Execution.sequential().with(kernel);
  }

  /**
   * The digest of a kernel.
   *
   * @param kernel the kernel
   * @return SHA-256 in hexadecimal digits
   */
  public static String of(Kernel kernel) {
    try {
      return new BitDigest(kernel).compute();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private String compute() {
    for (int[] shape : SHAPES) {
      state = 31L * shape[0] + shape[1];
      Matrix logits = logits(shape[0], shape[1]);
      int[] labels = new int[shape[0]];
      for (int row = 0; row < labels.length; row++) {
        labels[row] = row % 9 == 8 ? -100 : (int) ((next() >>> 33) % shape[1]);
      }
      addLosses(logits, labels);
      addMaps(logits);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SplitMix64: Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195. */
  private long next() {
    state += 0x9E37_79B9_7F4A_7C15L;
    long mixed = state;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** A multiple of 2^−23 in [−1, 1). */
  private float signedUnit() {
    return (next() >> 40) * 0x1p-23f;
  }

  private Matrix logits(int rows, int classes) {
    Matrix logits = Matrix.zeros(rows, classes);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < classes; c++) {
        // Blocks of 2048 columns have frames of their own.
        int regime = row + c / 2048;
        float magnitude = MAGNITUDES[regime % MAGNITUDES.length];
        float value = OFFSETS[regime % OFFSETS.length] + magnitude * signedUnit();
        boolean masked = row % 4 == 3 && (next() & 7) == 0;
        logits.data()[row * classes + c] = masked ? Float.NEGATIVE_INFINITY : value;
      }
    }
    if (rows > 20) {
      logits.data()[20 * classes + classes / 2] = Float.NaN;
      logits.data()[19 * classes + classes / 3] = Float.POSITIVE_INFINITY;
    }
    return logits;
  }

  private float[] uniform(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 1 + signedUnit();
    }
    return values;
  }

  private void addLosses(Matrix logits, int[] labels) {
    CrossEntropy.Builder builder = CrossEntropy.builder().execution(execution);
    Batch batch = Batch.of(logits, Labels.of(labels));
    addLosses(builder.divisor(Divisor.ONE).build(), batch);
    builder.divisor(Divisor.WEIGHTS).classWeights(uniform(logits.classes()));
    addLosses(builder.build(), batch.withSampleWeights(uniform(logits.rows())));
    addLosses(builder.labelSmoothing(0.1).zLoss(0.001).build(), batch);
  }

  private void addLosses(CrossEntropy loss, Batch batch) {
    int rows = batch.logits().rows();
    float[] losses = new float[rows];
    Matrix gradient = Matrix.zeros(rows, batch.logits().classes());
    Totals totals = loss.newTotals();
    loss.compute(
        batch, Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    add(losses);
    add(gradient.data());
    add(totals.sum());
    add(totals.negativeLogLikelihood());
    add(totals.weight());
    add(totals.mean());
  }

  private void addMaps(Matrix logits) {
    int classes = logits.classes();
    Matrix upstream = Matrix.of(uniform(logits.rows() * classes), classes);
    Matrix out = Matrix.zeros(logits.rows(), classes);
    float[] results = new float[logits.rows()];
    LogSumExp.on(execution).forward(logits, results);
    add(results);
    LogSumExp.on(execution).backward(logits, uniform(logits.rows()), out);
    add(out.data());
    Softmax.on(execution).forward(logits, out);
    add(out.data());
    Softmax.on(execution).backward(logits, upstream, out);
    add(out.data());
    LogSoftmax.on(execution).forward(logits, out);
    add(out.data());
    LogSoftmax.on(execution).backward(logits, upstream, out);
    add(out.data());
  }

  private void add(float[] values) {
    ByteBuffer all = ByteBuffer.allocate(values.length * Float.BYTES);
    for (float value : values) {
      all.putInt(Float.floatToRawIntBits(value));
    }
    digest.update(all.array());
  }

  private void add(double value) {
    digest.update(bytes.putLong(0, Double.doubleToRawLongBits(value)).array());
  }
}
