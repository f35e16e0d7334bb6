package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Where matrices lie in their arrays: it never shows in the bits, and nothing else is touched. */
public abstract class LayoutContract extends KernelContract {
  private static final int[] SIZES = {
    1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 130, 1003, 2049, 16_385
  };
  private static final float GUARD = Float.intBitsToFloat(0x7FC0_BEEF);

  private static Problem problem(int classes) {
    return Problem.of(LogitKind.NORMAL_3, classes > 1000 ? 2 : 8, classes);
  }

  private interface Check {
    void run(String what, Operations.Operation operation, Problem problem);
  }

  private void forEachOperation(Check check) {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      Map<String, Operations.Operation> operations = Operations.of(execution(), problem);
      operations.forEach((name, body) -> check.run(name + " of " + problem, body, problem));
    }
  }

  /** Results as they come from dense matrices. */
  private record Dense(Matrix out, float[] results) {
    static Dense of(Operations.Operation operation, Problem problem) {
      Dense dense =
          new Dense(Matrix.zeros(problem.rows(), problem.classes()), new float[problem.rows() + 3]);
      Arrays.fill(dense.results, GUARD);
      operation.run(problem.logits(), 0, dense.out, dense.results);
      return dense;
    }
  }

  @Test
  void offsetAndStrideDoNotShowInTheBits() {
    forEachOperation(
        (what, operation, problem) -> {
          assertSameAmongGuards(what, operation, problem, 3, 1, 0, 2);
          assertSameAmongGuards(what, operation, problem, 0, 7, 5, 0);
          assertSameAmongGuards(what, operation, problem, 1, 16, 13, 64);
        });
  }

  /** Rows that begin at each place of a cache line. */
  @Test
  void alignmentDoesNotShowInTheBits() {
    for (int classes : new int[] {5, 67, 1003}) {
      Problem problem = problem(classes);
      Operations.of(execution(), problem)
          .forEach(
              (name, operation) -> {
                for (int offset = 0; offset <= 16; offset++) {
                  String what = name + " of " + problem + " from " + offset;
                  assertSameAmongGuards(what, operation, problem, offset, 0, 16 - offset, 1);
                }
              });
    }
  }

  private static void assertSameAmongGuards(
      String what, Operations.Operation operation, Problem problem, int... places) {
    Dense dense = Dense.of(operation, problem);
    GuardedMatrix logits = GuardedMatrix.copyOf(problem.logits(), places[0], places[1]);
    GuardedMatrix out =
        GuardedMatrix.empty(problem.rows(), problem.classes(), places[2], places[3]);
    float[] results = new float[dense.results.length];
    Arrays.fill(results, GUARD);
    operation.run(logits.matrix(), 0, out.matrix(), results);
    Bits.assertSame(dense.out, out.matrix(), what);
    Bits.assertSame(dense.results, results, what);
    Bits.assertSame(problem.logits(), logits.matrix(), "logits of " + what);
    logits.assertGuardsUntouched(what);
    out.assertGuardsUntouched(what);
  }

  @Test
  void resultsBehindTheRowsAreUntouched() {
    forEachOperation(
        (what, operation, problem) -> {
          float[] results = Dense.of(operation, problem).results;
          for (int i = problem.rows(); i < results.length; i++) {
            assertTrue(Bits.same(GUARD, results[i]), what);
          }
        });
  }

  @Test
  void inPlaceGivesTheSameBits() {
    forEachOperation(
        (what, operation, problem) -> {
          Dense dense = Dense.of(operation, problem);
          GuardedMatrix logits = GuardedMatrix.copyOf(problem.logits(), 5, 3);
          float[] results = new float[dense.results.length];
          Arrays.fill(results, GUARD);
          operation.run(logits.matrix(), 0, logits.matrix(), results);
          Bits.assertSame(dense.out, logits.matrix(), what + " in place");
          Bits.assertSame(dense.results, results, what + " in place");
          logits.assertGuardsUntouched(what);
        });
  }

  @Test
  void productsOverTheirUpstreamRowsGiveTheSameBits() {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      Matrix upstream = Problem.of(LogitKind.NORMAL, problem.rows(), classes).logits();
      Matrix separate = Matrix.zeros(problem.rows(), classes);
      GuardedMatrix over = GuardedMatrix.copyOf(upstream, 1, 2);
      softmax().backward(problem.logits(), upstream, separate);
      softmax().backward(problem.logits(), over.matrix(), over.matrix());
      Bits.assertSame(separate, over.matrix(), "softmax product of " + problem);
      over = GuardedMatrix.copyOf(upstream, 0, 1);
      logSoftmax().backward(problem.logits(), upstream, separate);
      logSoftmax().backward(problem.logits(), over.matrix(), over.matrix());
      Bits.assertSame(separate, over.matrix(), "log-softmax product of " + problem);
      over.assertGuardsUntouched("log-softmax product");
    }
  }

  @Test
  void addedGradientIsTheOldValuePlusTheGradient() {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      int[] labels = new int[problem.rows()];
      for (int row = 0; row < labels.length; row++) {
        labels[row] = row == 1 ? -100 : problem.label(row);
      }
      for (double smoothing : new double[] {0, 0.1}) {
        CrossEntropy loss = crossEntropy().divisor(Divisor.ONE).labelSmoothing(smoothing).build();
        assertAdds(loss, Batch.of(problem.logits(), Labels.of(labels)));
      }
    }
  }

  private static void assertAdds(CrossEntropy loss, Batch batch) {
    int rows = batch.logits().rows();
    int classes = batch.logits().classes();
    Matrix gradient = Matrix.zeros(rows, classes);
    loss.compute(batch, Outputs.none().withGradient(gradient));
    Matrix expected = Matrix.zeros(rows, classes);
    SplittableRandom random = new SplittableRandom(classes);
    for (int i = 0; i < expected.data().length; i++) {
      expected.data()[i] = (float) random.nextDouble(-1, 1);
    }
    GuardedMatrix out = GuardedMatrix.copyOf(expected, 2, 5);
    for (int i = 0; i < expected.data().length; i++) {
      expected.data()[i] += gradient.data()[i];
    }
    loss.compute(batch, Outputs.none().withGradient(Gradient.addedTo(out.matrix())));
    Bits.assertSame(expected, out.matrix(), "added gradient of " + classes + " classes");
    out.assertGuardsUntouched("added gradient");
  }

  @Test
  void subsetsOfTheOutputsHaveTheBitsOfAll() {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      CrossEntropy loss = crossEntropy().labelSmoothing(0.2).build();
      float[] losses = new float[problem.rows()];
      Matrix gradient = Matrix.zeros(problem.rows(), classes);
      loss.compute(problem.batch(), Outputs.none().withLosses(losses).withGradient(gradient));
      float[] lossesAlone = new float[problem.rows()];
      Matrix gradientAlone = Matrix.zeros(problem.rows(), classes);
      loss.compute(problem.batch(), Outputs.none().withLosses(lossesAlone));
      loss.compute(problem.batch(), Outputs.none().withGradient(gradientAlone));
      Totals totals = loss.newTotals();
      loss.compute(problem.batch(), Outputs.none().withTotals(totals));
      Totals ofAll = loss.forwardAndGradient(problem.logits(), problem.labels(), gradientAlone);
      assertEquals(ofAll.sum(), totals.sum(), "totals of " + problem);
      Bits.assertSame(losses, lossesAlone, "losses of " + problem);
      Bits.assertSame(gradient, gradientAlone, "gradient of " + problem);
    }
  }

  /** Each matrix lies in the gaps between the other's rows. */
  @Test
  void interleavedMatricesGiveTheSameBits() {
    forEachOperation(
        (what, operation, problem) -> {
          int classes = problem.classes();
          int stride = 2 * classes + 3;
          float[] data = new float[problem.rows() * stride];
          Arrays.fill(data, GUARD);
          Matrix logits = Matrix.strided(data, 0, problem.rows(), classes, stride);
          Matrix out = Matrix.strided(data, classes + 2, problem.rows(), classes, stride);
          for (int row = 0; row < problem.rows(); row++) {
            System.arraycopy(
                problem.logits().data(), row * classes, data, logits.rowStart(row), classes);
          }
          Dense dense = Dense.of(operation, problem);
          operation.run(logits, 0, out, new float[problem.rows()]);
          Bits.assertSame(dense.out, out, what + " between the rows");
          Bits.assertSame(problem.logits(), logits, "logits of " + what);
          for (int row = 0; row < problem.rows(); row++) {
            assertTrue(Bits.same(GUARD, data[row * stride + classes + 1]), what);
          }
        });
  }

  @Test
  void lossesInThePlaceOfTheNumbersOfTheirRowsGiveTheSameBits() {
    for (int classes : SIZES) {
      Problem problem = problem(classes);
      float[] numbers = new float[problem.rows()];
      for (int row = 0; row < numbers.length; row++) {
        numbers[row] = row % 3 - 0.75f + row;
      }
      float[] weights = numbers.clone();
      weights[0] = 0;
      CrossEntropy loss = crossEntropy().build();
      float[] losses = new float[problem.rows()];
      Matrix gradient = Matrix.zeros(problem.rows(), classes);
      Batch apart = problem.batch().withSampleWeights(weights);
      loss.compute(apart, outputs(losses, gradient, numbers));
      Matrix shared = Matrix.zeros(problem.rows(), classes);
      float[] lossesAndUpstream = numbers.clone();
      loss.compute(apart, outputs(lossesAndUpstream, shared, lossesAndUpstream));
      Bits.assertSame(losses, lossesAndUpstream, "losses over upstream of " + problem);
      Bits.assertSame(gradient, shared, "gradient of " + problem);
      float[] lossesAndWeights = weights.clone();
      Batch over = problem.batch().withSampleWeights(lossesAndWeights);
      loss.compute(over, outputs(lossesAndWeights, shared, numbers));
      Bits.assertSame(losses, lossesAndWeights, "losses over weights of " + problem);
      Bits.assertSame(gradient, shared, "gradient of " + problem);
    }
  }

  private static Outputs outputs(float[] losses, Matrix gradient, float[] upstream) {
    return Outputs.none()
        .withLosses(losses)
        .withGradient(Gradient.into(gradient).withUpstream(upstream));
  }
}
