package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.bench.workload.BatchStorage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every storage holds the same batch, as far as its type goes. */
class StorageBenchmarkTest {
  private static StorageBenchmark benchmark(BatchStorage storage) {
    StorageBenchmark benchmark = new StorageBenchmark();
    benchmark.storage = storage;
    benchmark.shape = "30x70";
    benchmark.setUp();
    return benchmark;
  }

  @ParameterizedTest
  @EnumSource(BatchStorage.class)
  void meanIsThatOfTheArray(BatchStorage storage) {
    double mean = benchmark(BatchStorage.ARRAY).forward();
    StorageBenchmark benchmark = benchmark(storage);
    // Logits of some 3 cut to 8 bits.
    assertEquals(mean, benchmark.forward(), 0.02 * mean);
    assertEquals(benchmark.forward(), benchmark.forwardAndGradient());
    assertEquals(benchmark.forward(), benchmark.gradientAdded());
  }
}
