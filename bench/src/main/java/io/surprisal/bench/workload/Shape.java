package io.surprisal.bench.workload;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of a batch, written {@code 4096x1000}.
 *
 * @param rows 1 or more
 * @param classes 1 or more
 */
public record Shape(int rows, int classes) {
  /** A shape of every regime: from two classes to a row of millions, in cache, and odd ones. */
  public static final List<String> REGIMES =
      List.of(
          "65536x2",
          "65536x10",
          "16384x100",
          "4096x1000",
          "4096x1003",
          "512x32000",
          "512x50257",
          "64x128256",
          "1x4194304",
          "32x1000");

  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,9})x([1-9][0-9]{0,9})");

  /**
   * A shape from its text.
   *
   * @throws IllegalArgumentException if it is none, or more than an array holds
   */
  public static Shape parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no shape; write rows x classes, for example 4096x1000");
    }
    long rows = Long.parseLong(matcher.group(1));
    long classes = Long.parseLong(matcher.group(2));
    if (rows * classes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("'" + text + "' is more than an array holds");
    }
    return new Shape((int) rows, (int) classes);
  }

  /** Number of logits. */
  public int elements() {
    return rows * classes;
  }

  @Override
  public String toString() {
    return rows + "x" + classes;
  }
}
