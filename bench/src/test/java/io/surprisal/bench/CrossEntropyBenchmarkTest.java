package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Kernel;
import io.surprisal.bench.CrossEntropyBenchmark.Counter;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Param;

/** What the benchmarks compute is what they say, by plain double arithmetic. */
class CrossEntropyBenchmarkTest {
  static Stream<Arguments> settings() {
    return Kernel.names().stream()
        .flatMap(
            kernel ->
                Stream.of("1x1", "7x33", "300x10", "3x17000")
                    .flatMap(
                        shape ->
                            Stream.of(1, 2).map(threads -> Arguments.of(kernel, shape, threads))));
  }

  @Test
  void everyRegimeIsMeasured() throws NoSuchFieldException {
    Param shapes = CrossEntropyBenchmark.class.getField("shape").getAnnotation(Param.class);
    assertEquals(Shape.REGIMES, List.of(shapes.value()));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachBenchmarkComputesWhatItsNameSays(String kernel, String shape, int threads) {
    CrossEntropyBenchmark benchmark = new CrossEntropyBenchmark();
    benchmark.kernel = kernel;
    benchmark.shape = shape;
    benchmark.threads = threads;
    benchmark.setUp();
    try {
      Doubles expected = Doubles.of(benchmark.data());
      check(benchmark, expected);
    } finally {
      benchmark.tearDown();
    }
  }

  private static void check(CrossEntropyBenchmark benchmark, Doubles expected) {
    Counter counter = new Counter();
    // The first call in place: it needs the scratch matrix as it was set up.
    assertEquals(expected.mean, benchmark.gradientInPlace(counter), 1e-6 * expected.mean);
    checkGradient(benchmark, expected, 1);
    assertEquals(expected.mean, benchmark.forwardAndGradient(counter), 1e-6 * expected.mean);
    checkGradient(benchmark, expected, 1);
    assertEquals(expected.mean, benchmark.gradientAdded(counter), 1e-6 * expected.mean);
    checkGradient(benchmark, expected, 2);
    assertEquals(expected.mean, benchmark.forward(counter), 1e-6 * expected.mean);
    checkRows(benchmark, expected.losses);
    assertEquals(expected.logSumExp[0], benchmark.logSumExp(counter), 1e-5);
    checkRows(benchmark, expected.logSumExp);
    assertEquals(5L * benchmark.data().shape().elements(), counter.elements);
  }

  private static void checkRows(CrossEntropyBenchmark benchmark, double[] expected) {
    for (int row = 0; row < expected.length; row++) {
      assertEquals(expected[row], benchmark.calls().rowResults()[row], 1e-5, "row " + row);
    }
  }

  private static void checkGradient(CrossEntropyBenchmark benchmark, Doubles expected, int times) {
    float[] gradient = benchmark.data().scratch().data();
    for (int i = 0; i < gradient.length; i++) {
      assertEquals(times * expected.gradient[i], gradient[i], 1e-6, "element " + i);
    }
  }

  private record Doubles(double mean, double[] losses, double[] logSumExp, double[] gradient) {
    static Doubles of(LogitsBatch data) {
      Shape shape = data.shape();
      double[] losses = new double[shape.rows()];
      double[] logSumExp = new double[shape.rows()];
      double[] gradient = new double[shape.elements()];
      for (int row = 0; row < shape.rows(); row++) {
        int start = row * shape.classes();
        double sum = 0;
        for (int c = 0; c < shape.classes(); c++) {
          sum += Math.exp(data.logits().data()[start + c]);
        }
        int label = data.labels().get(row);
        logSumExp[row] = Math.log(sum);
        losses[row] = logSumExp[row] - data.logits().data()[start + label];
        for (int c = 0; c < shape.classes(); c++) {
          double p = Math.exp(data.logits().data()[start + c]) / sum;
          gradient[start + c] = (c == label ? p - 1 : p) / shape.rows();
        }
      }
      double mean = Arrays.stream(losses).sum();
      return new Doubles(mean / shape.rows(), losses, logSumExp, gradient);
    }
  }
}
