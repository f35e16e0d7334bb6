package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleBenchmarkTest {
  @ParameterizedTest
  @ValueSource(strings = {"double", "float"})
  void everyTypeRuns(String type) {
    DoubleBenchmark benchmark = new DoubleBenchmark();
    benchmark.kernel = "vector";
    benchmark.type = type;
    benchmark.shape = "5x33";
    benchmark.makeBatch();
    assertDoesNotThrow(benchmark::forward);
    assertDoesNotThrow(benchmark::forwardAndGradient);
  }
}
