package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.LogSoftmax;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Softmax;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One number for the bits of many results of logits in double: the same at every width. */
class VectorDoubleBitsTest {
  private static final int ROWS = 7;
  private static final String PINNED = "2493992f6a7a1dc1";

  private long digest;

  private void add(double[] values) {
    for (double value : values) {
      digest = digest * 0x5851_F42D_4C95_7F2DL + Double.doubleToRawLongBits(value);
    }
  }

  private void add(Execution execution, int classes, double spread, double offset) {
    SplittableRandom random = new SplittableRandom(classes);
    double[] logits = new double[ROWS * classes];
    int[] labels = new int[ROWS];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = offset + spread * random.nextDouble(-1, 1);
      labels[i / classes] = i % 13 == 0 ? i % classes : labels[i / classes];
    }
    logits[logits.length / 2] = Double.NEGATIVE_INFINITY;
    Matrix matrix = Matrix.of(logits, ROWS, classes);
    double[] out = new double[logits.length];
    double[] losses = new double[ROWS];
    CrossEntropy loss = CrossEntropy.builder().zLoss(1e-3).execution(execution).build();
    loss.compute(
        Batch.of(matrix, Labels.of(labels)),
        Outputs.none().withLosses(losses).withGradient(Matrix.of(out, ROWS, classes)));
    add(losses);
    add(out);
    Matrix written = Matrix.of(out, ROWS, classes);
    LogSoftmax.on(execution).forward(matrix, written);
    add(out);
    Matrix upstream = Matrix.of(random.doubles(out.length, -1, 1).toArray(), ROWS, classes);
    Softmax.on(execution).backward(matrix, upstream, written);
    add(out);
    LogSoftmax.on(execution).backward(matrix, upstream, written);
    add(out);
  }

  @Test
  void bitsArePinned() {
    Execution execution = Execution.sequential().with(Kernel.named("vector"));
    for (int classes : new int[] {1, 2, 7, 9, 100, 127, 128, 131, 1000, 1029, 3000, 20_000}) {
      for (double offset : new double[] {0, 700, -1500, 1e5}) {
        add(execution, classes, 3, offset);
        add(execution, classes, 500, offset);
      }
    }
    assertEquals(PINNED, Long.toHexString(digest));
  }
}
