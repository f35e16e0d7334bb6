package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.Kernel;
import io.surprisal.bench.ElementLossBenchmark.Counter;
import io.surprisal.bench.workload.ElementsBatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the benchmarks compute is what they say, by plain double arithmetic. */
class ElementLossBenchmarkTest {
  static Stream<Arguments> settings() {
    return Kernel.names().stream()
        .flatMap(
            kernel ->
                Stream.of("binary", "sigmoidFocal", "squaredError")
                    .flatMap(
                        loss ->
                            Stream.of(1, 2).map(threads -> Arguments.of(kernel, loss, threads))));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachBenchmarkComputesWhatItsNameSays(String kernel, String loss, int threads) {
    ElementLossBenchmark benchmark = new ElementLossBenchmark();
    benchmark.kernel = kernel;
    benchmark.shape = "300x70";
    benchmark.loss = loss;
    benchmark.threads = threads;
    benchmark.setUp();
    try {
      Counter counter = new Counter();
      double mean = mean(benchmark.data(), loss);
      assertEquals(mean, benchmark.forward(counter), 1e-6 * mean);
      assertEquals(mean, benchmark.forwardAndGradient(counter), 1e-6 * mean);
      assertEquals(2L * 300 * 70, counter.elements);
      checkGradient(benchmark.data(), loss);
    } finally {
      benchmark.tearDown();
    }
  }

  private static double mean(ElementsBatch data, String loss) {
    double sum = 0;
    for (int i = 0; i < data.shape().elements(); i++) {
      sum += loss(loss, data.logits().data()[i], data.targets().data()[i]);
    }
    return sum / data.shape().elements();
  }

  private static double loss(String loss, double x, double y) {
    double p = 1 / (1 + Math.exp(-x));
    double right = y == 1 ? p : 1 - p;
    return switch (loss) {
      case "binary" -> -Math.log(right);
      case "sigmoidFocal" -> -(1 - right) * (1 - right) * Math.log(right);
      default -> (1 - right) * (1 - right);
    };
  }

  /** By central differences. */
  private static void checkGradient(ElementsBatch data, String loss) {
    double step = 1e-5;
    for (int i = 0; i < data.shape().elements(); i++) {
      double x = data.logits().data()[i];
      double y = data.targets().data()[i];
      double slope = (loss(loss, x + step, y) - loss(loss, x - step, y)) / (2 * step);
      double actual = (double) data.gradient().data()[i] * data.shape().elements();
      assertEquals(slope, actual, 1e-5, "element " + i);
    }
  }
}
