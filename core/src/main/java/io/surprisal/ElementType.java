package io.surprisal;

/**
 * How a number is stored.
 *
 * <p>An element of 16 or 32 bits that is read becomes a float without rounding; one that is written
 * is rounded once, to nearest, ties to even. Doubles are read and written as they are, by what
 * takes them: see {@link Matrix}.
 */
public enum ElementType {
  /** IEEE 754 binary32, Java's {@code float}. */
  FLOAT(Float.BYTES),

  /** IEEE 754 binary64, Java's {@code double}. */
  DOUBLE(Double.BYTES),

  /** The upper half of a binary32: 8 bits of exponent, 8 of significand; in a {@code short}. */
  BFLOAT16(Short.BYTES),

  /** IEEE 754 binary16: 5 bits of exponent, 11 of significand; in a {@code short}. */
  FLOAT16(Short.BYTES);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Size of an element.
   *
   * @return the number of bytes
   */
  public int bytes() {
    return bytes;
  }
}
