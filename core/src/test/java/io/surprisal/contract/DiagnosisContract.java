package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.LabelledLoss;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.NegativeLogLikelihood;
import io.surprisal.diagnosis.LossCheck;
import io.surprisal.diagnosis.LossReport;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a user finds who checks the losses by {@link LossCheck}: they keep their bound. */
public abstract class DiagnosisContract extends KernelContract {
  private static final double BOUND = 4;
  private static final int[] SIZES = {1, 2, 3, 17, 65, 1003, 2049};

  private List<LabelledLoss> losses(int classes) {
    float[] weights = numbers(classes);
    return List.of(
        crossEntropy().build(),
        crossEntropy().labelSmoothing(0.1).divisor(Divisor.ROWS).build(),
        crossEntropy().labelSmoothing(1).classWeights(weights).divisor(Divisor.of(3)).build(),
        crossEntropy().zLoss(1e-2).classWeights(weights).divisor(Divisor.COUNT).build(),
        crossEntropy().labelSmoothing(0.3).zLoss(1e-4).classWeights(weights).build(),
        crossEntropy().labelSmoothingOverFinite(0.1).build(),
        crossEntropy().labelSmoothingOverFinite(0.7).zLoss(1e-4).classWeights(weights).build(),
        NegativeLogLikelihood.builder().classWeights(weights).build());
  }

  /** Between 0 and 2, every seventh exactly 0. */
  private static float[] numbers(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i % 7 == 3 ? 0 : (float) random.nextDouble(2);
    }
    return numbers;
  }

  private static Batch batch(Problem problem) {
    boolean[] ignored = new boolean[problem.rows()];
    ignored[1] = true;
    return problem.batch().withSampleWeights(numbers(problem.rows())).withIgnoredRows(ignored);
  }

  @Test
  void everyOptionOnEveryKindOfLogitsIsNearTheReference() {
    for (LogitKind kind : LogitKind.values()) {
      for (int classes : SIZES) {
        Problem problem = Problem.of(kind, 6, classes);
        for (LabelledLoss loss : losses(classes)) {
          assertNear(loss, batch(problem), problem);
        }
      }
    }
  }

  private static void assertNear(LabelledLoss loss, Batch batch, Problem problem) {
    float[] upstream = numbers(problem.rows());
    upstream[0] = -1.5f;
    LossReport report = LossCheck.run(loss, batch, upstream);
    assertTrue(report.isWithin(BOUND), () -> loss + " of " + problem + ":\n" + report);
  }

  @Test
  void confidentRowsUnderAnyOffsetAreNearTheReference() {
    CrossEntropy loss = crossEntropy().build();
    for (float offset : new float[] {0, 64, -300, 1e4f, 1e6f}) {
      for (int gap = 0; gap <= 100; gap++) {
        float[] logits = {offset, offset - gap, offset - gap, offset, offset, offset - gap};
        Batch batch = Batch.of(Matrix.of(logits, 2), Labels.of(0, 0, 1));
        LossReport report = LossCheck.run(loss, batch);
        int lead = gap;
        assertTrue(report.isWithin(BOUND), () -> lead + " ahead at " + offset + ":\n" + report);
      }
    }
  }
}
