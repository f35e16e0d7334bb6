package io.surprisal.bench.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BigramCountsTest {
  private static BigramCounts of(String text) {
    return new BigramCounts(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void byteThatIsCertainCostsNothing() {
    assertEquals(0, of("abababab").conditionalEntropy());
  }

  @Test
  void fairCoinAfterEveryByteIsOneBit() {
    assertEquals(1, of("aabba").conditionalEntropy(), 1e-15);
  }

  @Test
  void bytesOver127AreCounted() {
    BigramCounts counts = of("\u00ff\u00fe\u00ff\u00fe");
    assertEquals(2, counts.count(0xff, 0xfe));
    assertEquals(1, counts.count(0xfe, 0xff));
    assertEquals(3, counts.pairs());
    assertEquals(2, counts.distinctPairs());
  }
}
