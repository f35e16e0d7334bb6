package io.surprisal.internal;

/** The upper half of a float: to a float and back. */
public final class Bfloat16 {
  private static final int INFINITY = 0x7F80_0000;

  /** The bit that makes a NaN a quiet one, so that it stays a NaN when its lower half goes. */
  private static final int QUIET = 0x0040_0000;

  private Bfloat16() {}

  /**
   * As a float, without rounding.
   *
   * @param bits of the number
   * @return the number
   */
  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }

  /**
   * Rounded to nearest, ties to even; NaN stays NaN.
   *
   * @param value any float
   * @return bits of the number nearest to it
   */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & Integer.MAX_VALUE) > INFINITY) {
      return (short) ((bits | QUIET) >>> Short.SIZE);
    }
    // Half of the last place, less one bit where that place is even: a carry rounds up.
    int odd = (bits >>> Short.SIZE) & 1;
    return (short) ((bits + Short.MAX_VALUE + odd) >>> Short.SIZE);
  }
}
