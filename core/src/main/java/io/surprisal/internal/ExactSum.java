package io.surprisal.internal;

import java.util.Arrays;

/**
 * A sum of doubles without rounding, so that terms and partial sums may come in any order and any
 * grouping.
 *
 * <p>A fixed-point number of 32-bit digits, one in each {@code long}, that spans every finite
 * double; the digits' upper halves take up carries (Neal 2015, arXiv 1505.05571, "small
 * superaccumulator"). Infinities and NaN are remembered apart. Nothing here allocates.
 */
public final class ExactSum {
  /** 2^−1074, the unit of the lowest digit, up to 2^1024 and carries beyond: 68 digits. */
  private static final int DIGITS = 68;

  private static final int DIGIT_BITS = 32;
  private static final long DIGIT_MASK = 0xFFFF_FFFFL;
  private static final int MIN_EXPONENT = -1074;

  /**
   * What the wire form of a sum begins with; digits follow the first two kinds that have a sign.
   */
  private static final int ZERO = 0;

  private static final int POSITIVE = 1;
  private static final int NEGATIVE = 2;
  private static final double[] SPECIALS = {
    Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN
  };

  /** Each addition adds less than 2^32 to a digit, so carries are due before 2^31 of them. */
  private static final int ADDITIONS_BEFORE_CARRY = 1 << 30;

  private final long[] digits = new long[DIGITS];
  private final long[] magnitude = new long[DIGITS];

  /** How many additions' worth the digits hold at most since the last carry. */
  private int additions;

  /** Sum of what is not finite: 0, an infinity, or NaN. */
  private double special;

  /** A sum of nothing. */
  public ExactSum() {}

  /** Forgets everything added. */
  public void clear() {
    Arrays.fill(digits, 0);
    additions = 0;
    special = 0;
  }

  /**
   * Adds one term.
   *
   * @param term any double
   */
  public void add(double term) {
    long bits = Double.doubleToRawLongBits(term);
    int exponentBits = (int) (bits >>> 52) & 0x7FF;
    if (exponentBits == 0x7FF) {
      special += term;
      return;
    }
    long significand = bits & 0xF_FFFF_FFFF_FFFFL;
    if (exponentBits != 0) {
      significand |= 1L << 52;
    }
    int position = Math.max(exponentBits - 1, 0);
    int digit = position / DIGIT_BITS;
    int shift = position % DIGIT_BITS;
    // The 53 bits, shifted by up to 31, lie in three digits.
    long low = (significand << shift) & DIGIT_MASK;
    long rest = significand >>> (DIGIT_BITS - shift);
    long middle = rest & DIGIT_MASK;
    long high = rest >>> DIGIT_BITS;
    if (bits < 0) {
      digits[digit] -= low;
      digits[digit + 1] -= middle;
      digits[digit + 2] -= high;
    } else {
      digits[digit] += low;
      digits[digit + 1] += middle;
      digits[digit + 2] += high;
    }
    if (++additions == ADDITIONS_BEFORE_CARRY) {
      carry();
    }
  }

  /**
   * Adds another sum.
   *
   * @param other unchanged in value
   */
  public void add(ExactSum other) {
    if (additions >= ADDITIONS_BEFORE_CARRY - other.additions) {
      carry();
      other.carry();
    }
    for (int i = 0; i < DIGITS; i++) {
      digits[i] += other.digits[i];
    }
    special += other.special;
    additions += other.additions;
  }

  /** Brings every digit but the last into [0, 2^32); the last keeps the sign. */
  private void carry() {
    long carry = 0;
    for (int i = 0; i < DIGITS - 1; i++) {
      long digit = digits[i] + carry;
      digits[i] = digit & DIGIT_MASK;
      carry = digit >> DIGIT_BITS;
    }
    digits[DIGITS - 1] += carry;
    // What is left in a digit is as much as one addition adds.
    additions = 1;
  }

  /**
   * The sum.
   *
   * @return rounded once, to nearest even
   */
  public double value() {
    if (special != 0) {
      return special;
    }
    carry();
    boolean negative = digits[DIGITS - 1] < 0;
    takeMagnitude(negative);
    int highest = DIGITS - 1;
    while (highest >= 0 && magnitude[highest] == 0) {
      highest--;
    }
    double value = highest < 0 ? 0 : round(highest);
    return negative ? -value : value;
  }

  /**
   * Writes the sum, exactly: its sign, and the digits from the lowest to the highest that are not
   * 0. Of a sum that is not finite only that.
   *
   * @param out where to
   */
  public void writeTo(WireWriter out) {
    if (special != 0) {
      int kind = 0;
      while (Double.compare(SPECIALS[kind], special) != 0) {
        kind++;
      }
      out.octet(NEGATIVE + 1 + kind);
      return;
    }
    carry();
    boolean negative = digits[DIGITS - 1] < 0;
    takeMagnitude(negative);
    int last = DIGITS;
    while (last > 0 && magnitude[last - 1] == 0) {
      last--;
    }
    if (last == 0) {
      out.octet(ZERO);
      return;
    }
    int first = 0;
    while (magnitude[first] == 0) {
      first++;
    }
    out.octet(negative ? NEGATIVE : POSITIVE);
    out.octet(first);
    out.octet(last - first);
    for (int i = last - 1; i >= first; i--) {
      out.word((int) magnitude[i]);
    }
  }

  /**
   * Becomes a sum that was written.
   *
   * @param in where from
   * @param field name for messages
   * @throws IllegalArgumentException if there is none
   */
  public void readFrom(WireReader in, String field) {
    clear();
    int kind = in.choice(field, NEGATIVE + 1 + SPECIALS.length);
    if (kind == ZERO) {
      return;
    }
    if (kind > NEGATIVE) {
      special = SPECIALS[kind - NEGATIVE - 1];
      return;
    }
    int first = in.choice("the place of " + field, DIGITS);
    int last = first + in.choice("the length of " + field, DIGITS - first + 1);
    for (int i = last - 1; i >= first; i--) {
      long digit = Integer.toUnsignedLong(in.word(field));
      digits[i] = kind == NEGATIVE ? -digit : digit;
    }
    // The highest digit keeps a bit for the sign.
    if (first == last
        || digits[first] == 0
        || digits[last - 1] == 0
        || Math.abs(digits[DIGITS - 1]) > DIGIT_MASK >> 1) {
      throw in.refused("have digits at the ends of " + field + " that no sum has");
    }
    additions = 1;
  }

  /** |sum| in the digits of {@link #magnitude}. */
  private void takeMagnitude(boolean negative) {
    long flip = negative ? -1 : 0;
    long carry = negative ? 1 : 0;
    for (int i = 0; i < DIGITS; i++) {
      long digit = ((digits[i] ^ flip) & DIGIT_MASK) + carry;
      magnitude[i] = digit & DIGIT_MASK;
      carry = digit >>> DIGIT_BITS;
    }
  }

  /**
   * The magnitude as a double: its 62 leading bits and a sticky bit decide the rounding.
   *
   * @param highest the highest digit that is not 0
   */
  private double round(int highest) {
    int shift = Long.numberOfLeadingZeros(magnitude[highest]) - DIGIT_BITS;
    long third = magnitudeAt(highest - 2) << shift;
    long leading =
        (magnitude[highest] << DIGIT_BITS | magnitudeAt(highest - 1)) << shift
            | third >>> DIGIT_BITS;
    boolean inexact = (leading & 3) != 0 || (third & DIGIT_MASK) != 0;
    for (int i = highest - 3; i >= 0 && !inexact; i--) {
      inexact = magnitude[i] != 0;
    }
    long significand = leading >>> 2 << 1 | (inexact ? 1 : 0);
    // The conversion rounds. Below 53 bits it is exact; above, the result is normal and scales so.
    return scale((double) significand, DIGIT_BITS * (highest - 1) - shift + 1 + MIN_EXPONENT);
  }

  private long magnitudeAt(int digit) {
    return digit < 0 ? 0 : magnitude[digit];
  }

  private static double scale(double significand, int exponent) {
    return exponent < -1000
        ? Math.scalb(Math.scalb(significand, exponent + 500), -500)
        : Math.scalb(significand, exponent);
  }

  @Override
  public String toString() {
    return Double.toString(value());
  }
}
