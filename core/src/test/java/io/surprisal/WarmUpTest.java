package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Kernel PLAIN = Kernel.named("plain");

  @Test
  void endsWhenNothingGetsFasterAndNotBefore() {
    long start = System.nanoTime();
    assertTrue(PLAIN.warmUp(), "not at full speed within half a minute");
    assertTrue(System.nanoTime() - start >= WarmUp.QUIET_NANOS, "without looking for a while");
  }

  @Test
  void endsAtTheLimit() {
    long start = System.nanoTime();
    assertFalse(PLAIN.warmUp(Duration.ofMillis(1)));
    assertFalse(PLAIN.warmUp(Duration.ZERO));
    assertTrue(System.nanoTime() - start < 5_000_000_000L, "a limit of 1 ms was not kept");
  }

  @Test
  void negativeLimitIsRefused() {
    Throwable refusal =
        assertThrows(IllegalArgumentException.class, () -> PLAIN.warmUp(Duration.ofSeconds(-1)));
    assertTrue(refusal.getMessage().contains("PT-1S"), refusal::getMessage);
    Refusal.ofNull("limit", () -> PLAIN.warmUp(null));
  }
}
