package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** How a bad argument is refused: the exception and what its message names. */
final class Refusal {
  private Refusal() {}

  /** The argument is missing: the exception's message is its name. */
  static void ofNull(String argument, Executable call) {
    assertEquals(argument, assertThrowsExactly(NullPointerException.class, call).getMessage());
  }

  /** The argument does not fit: the message holds every part. */
  static void ofArgument(Executable call, String... parts) {
    of(IllegalArgumentException.class, call, parts);
  }

  /** An index is out of range: the message holds every part. */
  static void ofIndex(Executable call, String... parts) {
    of(IndexOutOfBoundsException.class, call, parts);
  }

  static void of(Class<? extends RuntimeException> type, Executable call, String... parts) {
    String message = assertThrowsExactly(type, call).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "'" + part + "' is not named in: " + message);
    }
  }
}
