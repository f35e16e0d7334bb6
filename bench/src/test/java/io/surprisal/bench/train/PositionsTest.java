package io.surprisal.bench.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PositionsTest {
  @Property
  void everyPositionComesOnceBeforeAnyComesAgain(
      @ForAll @IntRange(min = 1, max = 3000) int length, @ForAll long seed) {
    Positions positions = new Positions(length, seed);
    BitSet seen = new BitSet();
    for (int i = 0; i < length; i++) {
      int position = positions.next();
      assertTrue(position >= 0 && position < length, () -> "position " + position);
      seen.set(position);
    }
    assertEquals(length, seen.cardinality());
  }
}
