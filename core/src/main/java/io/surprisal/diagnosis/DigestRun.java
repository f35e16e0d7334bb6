package io.surprisal.diagnosis;

import io.surprisal.Batch;
import io.surprisal.BinaryCrossEntropy;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.ElementBatch;
import io.surprisal.ElementOutputs;
import io.surprisal.ElementTotals;
import io.surprisal.Execution;
import io.surprisal.Gradient;
import io.surprisal.Hessian;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import io.surprisal.SoftmaxFocal;
import io.surprisal.Totals;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Runs every operation on made inputs and digests the bits of their results. */
final class DigestRun {
  /** Logits of a row lie within ± a magnitude around an offset; a row takes the next pair. */
  private static final float[] MAGNITUDES = {
    1, 4, 30, 63, 65, 90, 250, 260, 600, 5000, 20, 1e6f, 3e38f, 2, 0x1p-130f
  };

  private static final float[] OFFSETS = {0, 0, 100, -5, 1e4f, -300, 0, 1e6f, -50, 60, -1e5f};

  private final MessageDigest digest;
  private final Execution execution;
  private final ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
  private long state;

  DigestRun(Execution execution) {
    this.execution = execution;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Digests all results of a batch of this shape. */
  void add(int rows, int classes) {
    state = 31L * rows + classes;
    Matrix logits = logits(rows, classes);
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row % 9 == 8 ? -100 : (int) ((next() >>> 33) % classes);
    }
    addLosses(logits, labels);
    addMaps(logits);
  }

  /** The digest of all that was added. */
  String digest() {
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
    Matrix targets = Matrix.of(uniform(logits.rows() * logits.classes()), logits.classes());
    addLosses(builder.build(), Batch.of(logits, targets));
    addLosses(builder.softCap(30).build(), batch);
    addLosses(SoftmaxFocal.builder().execution(execution).build(), batch);
    addRowResults(batch);
    addElements(logits);
    float[] weights = uniform(logits.classes());
    new FamilyDigest(execution, this::addLosses).of(logits, batch.labels(), targets, weights);
    addDerivatives(Batch.of(logits, targets));
  }

  /** Second derivatives, and the gradient of targets. */
  private void addDerivatives(Batch batch) {
    CrossEntropy loss = CrossEntropy.builder().execution(execution).build();
    Matrix out = Matrix.zeros(batch.logits().rows(), batch.logits().classes());
    loss.compute(batch, Outputs.none().withTargetGradient(Gradient.into(out)));
    add(out.data());
    Hessian.of(loss).diagonal(batch, out);
    add(out.data());
    Hessian.of(loss).product(batch, batch.targets(), out);
    add(out.data());
  }

  private void addRowResults(Batch batch) {
    float[] entropies = new float[batch.logits().rows()];
    float[] brierScores = entropies.clone();
    float[] confidences = entropies.clone();
    CrossEntropy.builder()
        .execution(execution)
        .build()
        .compute(
            batch,
            Outputs.none()
                .withEntropies(entropies)
                .withBrierScores(brierScores)
                .withConfidences(confidences));
    add(entropies);
    add(brierScores);
    add(confidences);
  }

  private void addElements(Matrix inputs) {
    int classes = inputs.classes();
    float[] targets = uniform(inputs.rows() * classes);
    for (int i = 0; i < targets.length; i++) {
      targets[i] /= 2;
    }
    Matrix losses = Matrix.zeros(inputs.rows(), classes);
    Matrix gradient = Matrix.zeros(inputs.rows(), classes);
    BinaryCrossEntropy loss = BinaryCrossEntropy.builder().execution(execution).build();
    ElementTotals totals = loss.newTotals();
    loss.compute(
        ElementBatch.of(inputs, Matrix.of(targets, classes)),
        ElementOutputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    add(losses.data());
    add(gradient.data());
    add(totals.sum());
  }

  private void addLosses(LabelledLoss loss, Batch batch) {
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
