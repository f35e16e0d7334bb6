package io.surprisal.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void planSurvivesTheWayToAnotherJvm() {
    Plan plan =
        new Plan(
            List.of(new Shape(3, 4), new Shape(5, 6)),
            List.of(Operation.values()),
            List.of(1, 8),
            1,
            new Plan.Pace(7, 9));
    assertEquals(plan, Plan.parse(plan.arguments()));
    assertEquals(2 * Operation.values().length * 2, plan.cells().size());
    assertEquals(2, plan.portsPlan().cells().size());
  }

  @Test
  void stopwatchTakesTheBestCall() {
    int[] calls = new int[1];
    Stopwatch stopwatch = new Stopwatch(new Plan.Pace(1, 1));
    double nanos = stopwatch.nanos(() -> ++calls[0]);
    assertTrue(nanos > 0 && nanos < 1e6, () -> "nanos " + nanos);
    assertTrue(calls[0] >= 5, () -> "calls " + calls[0]);
    assertEquals((double) calls[0] * (calls[0] + 1) / 2, stopwatch.sink());
  }

  @Test
  void medianOfRoundsIsTheMiddleOrBetweenTheTwoOfThem() {
    assertEquals(2, Stopwatch.median(List.of(9.0, 2.0, 1.0)));
    assertEquals(3, Stopwatch.median(List.of(4.0, 2.0)));
  }

  @Test
  void lowerRoofBinds() {
    Roofs memory = new Roofs(4, 10);
    assertEquals("memory", memory.binding());
    assertEquals("  4.00  10.00  50 % memory", memory.columns(2));
    Roofs ports = new Roofs(40, 10);
    assertEquals("ports", ports.binding());
    assertEquals(" 40.00  10.00  20 % ports ", ports.columns(2));
    assertEquals("  4.00      -  50 % memory", new Roofs(4, Double.POSITIVE_INFINITY).columns(2));
  }

  @Test
  void portLimitIsMeasuredOnEveryThread() {
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      for (int threads = 1; threads <= 2; threads++) {
        // What each chain tends to, times their number.
        double sum = Roofline.ports(1 << 20, threads, pool).getAsDouble();
        assertEquals(24, sum, 1e-5);
      }
    }
  }

  @Test
  void rooflineTouchesEveryElementOnceOnAnyNumberOfThreads() {
    for (int threads = 1; threads <= 3; threads++) {
      LogitsBatch data = LogitsBatch.gaussian(new Shape(7, 11));
      int[] words = new int[77];
      for (int i = 0; i < words.length; i++) {
        words[i] = 256 * i;
      }
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        Roofline roofline = new Roofline(data, words, threads, pool);
        double sum = roofline.call(Operation.Traffic.READ).getAsDouble();
        assertEquals(76 * 77 / 2 * 256 + 77 * threads, sum);
        double first = roofline.call(Operation.Traffic.READ_AND_WRITE).getAsDouble();
        assertEquals(-data.logits().data()[0], first);
      }
      for (int i = 0; i < 77; i++) {
        assertEquals(-data.logits().data()[i], data.scratch().data()[i]);
      }
    }
  }

  @Test
  void sweepCutsTheSameLogitsIntoRowsOfTwoToMillions() {
    List<Shape> shapes = Plan.sweep(3).shapes();
    assertEquals(new Shape(2097152, 2), shapes.getFirst());
    assertEquals(new Shape(1, 4194304), shapes.getLast());
    assertTrue(shapes.stream().allMatch(shape -> shape.elements() == 4194304), shapes::toString);
  }
}
