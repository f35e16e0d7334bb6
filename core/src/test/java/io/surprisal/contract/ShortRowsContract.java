package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.Divisor;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hundreds of thousands of short rows of every spread. Few classes show most of an exponential's
 * error: in wide rows errors of many meet and cancel. Rows that reach the bounds are one in
 * millions.
 *
 * <p>The oracle is double arithmetic, good for 1e-14 on logits within ±30.
 */
public abstract class ShortRowsContract extends KernelContract {
  private static final int ROWS = 1 << 12;
  private static final int BATCHES = 64;

  /** One class dominates and the result is between 1 and 2: found among 10^8 rows. */
  private static final float[] HARDEST = {1.5614436f, -3.2545066f};

  /** The largest errors so far, and their rows. */
  private static final class Largest {
    private final String quantity;
    private double ulps;
    private String where = "";

    Largest(String quantity) {
      this.quantity = quantity;
    }

    void add(float actual, double exact, double scale, float[] row) {
      double error = Errors.ulps(actual, exact, scale, 0);
      if (error > ulps) {
        ulps = error;
        where = Arrays.toString(row) + " gives " + actual + ", exactly " + exact;
      }
    }

    void assertAtMost(double bound) {
      System.out.printf("short rows, %s: %.3f ulp, %s%n", quantity, ulps, where);
      assertTrue(ulps <= bound, () -> quantity + " is off by " + ulps + " ulp: " + where);
    }
  }

  private final Largest losses = new Largest("loss");
  private final Largest entries = new Largest("gradient");
  private final Largest probabilities = new Largest("probability");
  private final Largest logSums = new Largest("log-sum-exp");

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void everyBoundHolds(int classes) {
    SplittableRandom random = new SplittableRandom(classes);
    for (int batch = 0; batch < BATCHES; batch++) {
      float[] data = new float[ROWS * classes];
      double spread = Math.exp(random.nextDouble(Math.log(0.01), Math.log(30)));
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) random.nextDouble(-spread, spread);
      }
      if (classes == HARDEST.length) {
        System.arraycopy(HARDEST, 0, data, 0, classes);
      }
      measure(Matrix.of(data, classes), random);
    }
    losses.assertAtMost(AccuracyContract.LOSS_ULPS);
    entries.assertAtMost(AccuracyContract.ENTRY_ULPS);
    probabilities.assertAtMost(AccuracyContract.ENTRY_ULPS);
    logSums.assertAtMost(AccuracyContract.LOG_SUM_EXP_ULPS);
  }

  private void measure(Matrix logits, SplittableRandom random) {
    int[] labels = new int[logits.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = random.nextInt(logits.classes());
    }
    float[] rowLosses = new float[labels.length];
    float[] rowLogSums = new float[labels.length];
    Matrix gradient = Matrix.zeros(labels.length, logits.classes());
    Matrix softmax = Matrix.zeros(labels.length, logits.classes());
    crossEntropy()
        .divisor(Divisor.ONE)
        .build()
        .compute(
            Batch.of(logits, Labels.of(labels)),
            Outputs.none().withLosses(rowLosses).withGradient(gradient));
    logSumExp().forward(logits, rowLogSums);
    softmax().forward(logits, softmax);
    for (int row = 0; row < labels.length; row++) {
      Exact exact = new Exact(logits, row, labels[row]);
      double logSum = Math.log(exact.label + exact.others);
      losses.add(rowLosses[row], exact.loss(), exact.loss(), exact.logits);
      logSums.add(rowLogSums[row], logSum, Math.max(1, Math.abs(logSum)), exact.logits);
      for (int c = 0; c < logits.classes(); c++) {
        double p = exact.probability(c);
        double entry = c == labels[row] ? -exact.others / (exact.label + exact.others) : p;
        probabilities.add(softmax.get(row, c), p, p, exact.logits);
        entries.add(gradient.get(row, c), entry, entry, exact.logits);
      }
    }
  }

  /** One row in double: its logits are too near to 0 for any care. */
  private static final class Exact {
    private final float[] logits;
    private final double label;
    private final double others;

    Exact(Matrix matrix, int row, int labelColumn) {
      int start = matrix.rowStart(row);
      logits = Arrays.copyOfRange(matrix.data(), start, start + matrix.classes());
      label = Math.exp(logits[labelColumn]);
      double sum = 0;
      for (int c = 0; c < logits.length; c++) {
        sum += c == labelColumn ? 0 : Math.exp(logits[c]);
      }
      others = sum;
    }

    double loss() {
      return Math.log1p(others / label);
    }

    double probability(int column) {
      return Math.exp(logits[column]) / (label + others);
    }
  }
}
