package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.ElementType;
import io.surprisal.spi.Tile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory that is closed between one tile of a call and the next. */
class ClosedMemoryTest {
  /** Closes an arena when it is called for the n-th time. */
  private static final class Closing extends KernelsForTests.Wrapped {
    private final Arena arena;
    private final AtomicInteger left;

    Closing(Arena arena, int calls) {
      this.arena = arena;
      left = new AtomicInteger(calls);
    }

    @Override
    public void reduce(Tile tile) {
      super.reduce(tile);
      if (left.decrementAndGet() == 0) {
        arena.close();
      }
    }
  }

  private static void refused(boolean output, int rows, int classes, ForkJoinPool pool) {
    Arena arena = Arena.ofShared();
    MemorySegment segment = arena.allocate(4L * rows * classes);
    Memory memory = Memory.of(segment, ElementType.FLOAT, ByteOrder.nativeOrder());
    TileTotals totals = new TileTotals();
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = new Closing(arena, 2);
    pass.head = SoftmaxHead.SOFTMAX;
    pass.rows = rows;
    pass.classes = classes;
    pass.totals = totals;
    float[] array = new float[rows * classes];
    pass.logits.set(output ? array : null, output ? null : memory, 0, classes);
    pass.out.set(output ? null : array, output ? memory : null, 0, classes);
    IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> pass.run(pool));
    assertTrue(thrown.getMessage().contains("closed during the call"), thrown.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"3000, 10", "64, 1000", "5, 40000", "1, 120000"})
  void callEndsWithAnExceptionThatSaysSo(int rows, int classes) {
    refused(false, rows, classes, null);
    refused(true, rows, classes, null);
  }

  @Test
  void soItDoesOnThreadsOfAPool() {
    try (ForkJoinPool pool = new ForkJoinPool(3)) {
      refused(false, 500, 1000, pool);
      refused(true, 500, 1000, pool);
      refused(false, 1, 200_000, pool);
    }
  }
}
