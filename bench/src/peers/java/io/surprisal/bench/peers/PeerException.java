package io.surprisal.bench.peers;

import java.io.Serial;

/** A library cannot run here; the message is the one line that says why. */
final class PeerException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  PeerException(String message) {
    super(message);
  }

  /** With the reason that the library gives, on one line. */
  PeerException(Throwable cause) {
    super(firstReason(cause), cause);
  }

  private static String firstReason(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString().lines().findFirst().orElse("no reason given");
  }
}
