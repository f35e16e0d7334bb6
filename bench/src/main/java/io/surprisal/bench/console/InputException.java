package io.surprisal.bench.console;

/** What the user gave cannot be used; the message is the one line that says why. */
public final class InputException extends Exception {
  private static final long serialVersionUID = 1;

  /** With the line that the user reads. */
  public InputException(String message) {
    super(message);
  }

  /** With the line that the user reads, and what was behind it. */
  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
