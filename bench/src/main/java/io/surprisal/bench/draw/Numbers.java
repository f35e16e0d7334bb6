package io.surprisal.bench.draw;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as a person reads them. */
public final class Numbers {
  private static final int DIGITS = 3;
  private static final int KILO = 1000;
  private static final int MEGA = 1_000_000;
  private static final double SMALLEST_PLAIN = 1e-3;
  private static final double LARGEST_PLAIN = 1e5;
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {}

  /** In full where that is short, else as a power of ten. */
  public static String plain(double value) {
    double size = Math.abs(value);
    if (value == 0 || (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN)) {
      return minus(rounded(value, 6).toPlainString());
    }
    int exponent = decade(size);
    String factor = rounded(value / Math.pow(10, exponent), 2).toPlainString();
    return (factor.equals("1") ? "" : minus(factor) + "·") + "10" + superscript(exponent);
  }

  /** With three digits. */
  public static String three(double value) {
    BigDecimal rounded = rounded(value, DIGITS);
    double size = Math.abs(rounded.doubleValue());
    if (size != 0 && (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN)) {
      return plain(value);
    }
    int decimals = Math.max(0, DIGITS - 1 - decade(size));
    return minus(rounded.setScale(decimals, RoundingMode.UNNECESSARY).toPlainString());
  }

  private static int decade(double size) {
    return size == 0 ? DIGITS : (int) Math.floor(Math.log10(size) + 1e-9);
  }

  /** With so many decimals. */
  public static String fixed(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** How many times: with a decimal below ten. */
  public static String times(double ratio) {
    return fixed(ratio, ratio < 9.95 ? 1 : 0);
  }

  /** A count of things: 32 k, 4.2 M. */
  public static String count(double value) {
    if (value < KILO) {
      return rounded(value, 3).toPlainString();
    }
    return value < MEGA
        ? rounded(value / KILO, 3).toPlainString() + " k"
        : rounded(value / MEGA, 2).toPlainString() + " M";
  }

  private static BigDecimal rounded(double value, int digits) {
    BigDecimal number = BigDecimal.valueOf(value).round(new MathContext(digits));
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  private static String minus(String number) {
    return number.replace('-', '−');
  }

  private static String superscript(int exponent) {
    StringBuilder text = new StringBuilder(exponent < 0 ? "⁻" : "");
    for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
      text.append(SUPERSCRIPTS.charAt(digit - '0'));
    }
    return text.toString();
  }
}
