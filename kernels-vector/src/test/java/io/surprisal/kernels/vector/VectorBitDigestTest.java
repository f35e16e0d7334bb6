package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.diagnosis.BitDigest;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bit contract: at every width and on every machine the same bits, those of the resource. */
class VectorBitDigestTest {
  private static final Kernel KERNEL = Kernel.named("vector");

  @ParameterizedTest
  @EnumSource
  void bitsAreThePinnedOnes(BitDigest digest) {
    String actual = digest.of(Execution.sequential().with(KERNEL));
    assertEquals(
        digest.pinned(KERNEL).orElse("not pinned"),
        actual,
        "the bits of the vector kernel have changed. Where that is meant, for every width, put "
            + actual
            + " into src/main/resources/META-INF/surprisal/vector-bits.properties");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void bitsAreThePinnedOnesOnAnyNumberOfThreads(int threads) {
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      String actual = BitDigest.WHOLE.of(Execution.on(pool).with(KERNEL));
      assertEquals(BitDigest.WHOLE.pinned(KERNEL).orElseThrow(), actual);
      assertTrue(threads == 1 || pool.getStealCount() + pool.getPoolSize() > 0, "nothing shared");
    }
  }

  @Test
  void digestTellsKernelsApart() {
    Execution scalar = Execution.sequential().with(Kernel.named("scalar"));
    assertNotEquals(BitDigest.SMALL.pinned(KERNEL).orElseThrow(), BitDigest.SMALL.of(scalar));
    assertTrue(BitDigest.SMALL.pinned(Kernel.named("scalar")).isEmpty());
  }
}
