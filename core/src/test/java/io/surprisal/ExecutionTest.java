package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionTest {
  private static final Kernel PLAIN = Kernel.named("plain");

  @Test
  void missingPartsAreNamed() {
    Refusal.ofNull("pool", () -> Execution.on(null));
    Refusal.ofNull("kernel", () -> Execution.sequential().with(null));
    Refusal.ofNull("name", () -> Kernel.named(null));
  }

  @Test
  void kernelIsThePreferredOneUnlessNamed() {
    assertEquals(Kernel.preferred().name(), Execution.sequential().kernel().name());
    assertSame(PLAIN, Execution.parallel().with(PLAIN).kernel());
  }

  @Test
  void executionsAreDescribedInWords() {
    assertEquals("Execution[sequential, kernel preferred]", Execution.sequential().toString());
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      assertEquals(
          "Execution[on a pool of 3, kernel plain]", Execution.on(pool).with(PLAIN).toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "6000, 5", "200, 1000", "30, 5000", "1, 120000", "5, 40000", "40, 17000"})
  void anyNumberOfThreadsGivesTheSameBits(int rows, int classes) {
    Results sequential = new Results(Execution.sequential(), rows, classes);
    for (int threads = 1; threads <= 4; threads++) {
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        sequential.assertSameBits(new Results(Execution.on(pool), rows, classes));
        Results inside = pool.submit(() -> new Results(Execution.on(pool), rows, classes)).join();
        sequential.assertSameBits(inside);
      }
    }
    sequential.assertSameBits(new Results(Execution.parallel(), rows, classes));
  }

  @Test
  void poolThatIsShutDownLeavesTheTotalsUntouched() {
    ForkJoinPool pool = new ForkJoinPool(2);
    pool.shutdown();
    CrossEntropy loss = CrossEntropy.builder().execution(Execution.on(pool)).build();
    GuardedOutputs outputs = new GuardedOutputs(CrossEntropy.standard(), 100, 1000);
    Batch batch = Batch.of(Matrix.zeros(100, 1000), Labels.of(new int[100]));
    RejectedExecutionException refused =
        assertThrows(RejectedExecutionException.class, () -> loss.compute(batch, outputs.all()));
    assertEquals("the pool of the Execution takes no work: it is shut down", refused.getMessage());
    outputs.assertUntouched();
  }

  /** What one call computes, on logits that depend on the shape alone. */
  private static final class Results {
    private final float[] losses;
    private final Matrix gradient;
    private final Totals totals;

    Results(Execution execution, int rows, int classes) {
      CrossEntropy loss = CrossEntropy.builder().labelSmoothing(0.1).execution(execution).build();
      losses = new float[rows];
      gradient = Matrix.zeros(rows, classes);
      totals = loss.newTotals();
      Matrix logits = Matrix.zeros(rows, classes);
      int[] labels = new int[rows];
      for (int row = 0; row < rows; row++) {
        labels[row] = row % 6 == 5 ? -100 : row % classes;
        for (int column = 0; column < classes; column++) {
          logits.data()[logits.rowStart(row) + column] = (row * 31 + column * 17) % 257 / 8f - 16;
        }
      }
      loss.compute(
          Batch.of(logits, Labels.of(labels)),
          Outputs.none().withLosses(losses).withGradient(gradient).withTotals(totals));
    }

    void assertSameBits(Results other) {
      assertArrayEquals(losses, other.losses);
      assertArrayEquals(gradient.data(), other.gradient.data());
      assertEquals(totals.toString(), other.totals.toString());
      assertEquals(totals.perplexity(), other.totals.perplexity());
      assertEquals(totals.weight(), other.totals.weight());
    }
  }
}
