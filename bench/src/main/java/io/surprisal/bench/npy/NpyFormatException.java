package io.surprisal.bench.npy;

/** A file is not in NumPy's format, or is what is not read; the message says why in one line. */
final class NpyFormatException extends Exception {
  private static final long serialVersionUID = 1;

  NpyFormatException(String message) {
    super(message);
  }
}
