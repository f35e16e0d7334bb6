package io.surprisal.contract;

import io.surprisal.ElementType;

/** Numbers of 16 bits by their definition: sign, exponent and fraction. */
enum HalfFormat {
  BFLOAT16(7, 127),
  FLOAT16(10, 15);

  private static final int SIGN = 0x8000;

  private final int fractionBits;
  private final int bias;

  /** The magnitude of infinity: all bits of the exponent. */
  private final int infinity;

  HalfFormat(int fractionBits, int bias) {
    this.fractionBits = fractionBits;
    this.bias = bias;
    infinity = Short.MAX_VALUE >> fractionBits << fractionBits;
  }

  static HalfFormat of(ElementType type) {
    return valueOf(type.name());
  }

  boolean isNan(short bits) {
    return (bits & Short.MAX_VALUE) > infinity;
  }

  /** What bits stand for; a NaN is the canonical one. */
  float value(short bits) {
    int magnitude = bits & Short.MAX_VALUE;
    if (magnitude >= infinity) {
      return magnitude > infinity ? Float.NaN : Math.copySign(Float.POSITIVE_INFINITY, bits);
    }
    return (float) Math.copySign(magnitude(magnitude), bits < 0 ? -1.0 : 1.0);
  }

  /** Infinity's is the number that would come next if there were more exponents. */
  private double magnitude(int bits) {
    int exponent = bits >> fractionBits;
    int one = 1 << fractionBits;
    int fraction = bits & (one - 1);
    return exponent == 0
        ? Math.scalb((double) fraction, 1 - bias - fractionBits)
        : Math.scalb((double) (one + fraction), exponent - bias - fractionBits);
  }

  /** The bits of the nearest number; of two equally near the one whose last bit is 0. */
  short nearest(double exact) {
    int sign = Math.copySign(1, exact) < 0 ? SIGN : 0;
    if (Double.isNaN(exact)) {
      return (short) (infinity | 1 << (fractionBits - 1));
    }
    int below = 0;
    for (int step = Integer.highestOneBit(infinity); step > 0; step >>= 1) {
      if (below + step <= infinity && magnitude(below + step) <= Math.abs(exact)) {
        below += step;
      }
    }
    if (below == infinity) {
      return (short) (sign | infinity);
    }
    double twice = 2 * Math.abs(exact);
    double middle = magnitude(below) + magnitude(below + 1);
    boolean up = twice > middle || (twice == middle && (below & 1) == 1);
    return (short) (sign | (up ? below + 1 : below));
  }
}
