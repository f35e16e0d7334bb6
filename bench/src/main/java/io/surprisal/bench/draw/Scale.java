package io.surprisal.bench.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Where numbers lie on an axis, and which of them it names. */
public final class Scale {
  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  /** Decades from which on only every second, third, … is named. */
  private static final int MOST_NAMES = 6;

  private final double from;
  private final double to;
  private final boolean logarithmic;
  private final List<Double> ticks;
  private final DoubleFunction<String> names;

  private Scale(double from, double to, boolean logarithmic, List<Double> ticks) {
    this(from, to, logarithmic, ticks, Numbers::plain);
  }

  private Scale(
      double from,
      double to,
      boolean logarithmic,
      List<Double> ticks,
      DoubleFunction<String> names) {
    this.from = from;
    this.to = to;
    this.logarithmic = logarithmic;
    this.ticks = List.copyOf(ticks);
    this.names = names;
  }

  /** From 0 to a round number that is not less than the largest. */
  public static Scale upTo(double largest) {
    double step = step(largest / 5);
    int steps = (int) Math.ceil(largest / step * (1 - 1e-9));
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i <= Math.max(1, steps); i++) {
      ticks.add(i * step);
    }
    return new Scale(0, ticks.getLast(), false, ticks);
  }

  /** Between two numbers, with a tick at each multiple of a step. */
  public static Scale linear(double from, double to, double step) {
    List<Double> ticks = new ArrayList<>();
    for (double i = Math.ceil(from / step); i * step <= to * (1 + 1e-9); i++) {
      ticks.add(i * step);
    }
    return new Scale(from, to, false, ticks);
  }

  /** Logarithmic, with ticks at powers of ten, or closer where there is hardly one of them. */
  public static Scale logarithmic(double from, double to) {
    int first = (int) Math.ceil(Math.log10(from) - 1e-9);
    int last = (int) Math.floor(Math.log10(to) + 1e-9);
    List<Double> ticks = new ArrayList<>();
    if (last - first < 2) {
      for (int decade = first - 1; decade <= last; decade++) {
        for (double digit : new double[] {1, 2, 5}) {
          addWithin(ticks, digit * power(decade), from, to);
        }
      }
    } else {
      int every = (last - first) / MOST_NAMES + 1;
      for (int decade = first; decade <= last; decade++) {
        if (Math.floorMod(decade, every) == 0) {
          ticks.add(power(decade));
        }
      }
    }
    return new Scale(from, to, true, ticks);
  }

  private static void addWithin(List<Double> ticks, double tick, double from, double to) {
    if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) {
      ticks.add(tick);
    }
  }

  private static double power(int exponent) {
    return exponent < 0 ? 1 / Math.pow(10, -exponent) : Math.pow(10, exponent);
  }

  /** The least round number that is not less. */
  private static double step(double least) {
    double decade = power((int) Math.floor(Math.log10(least)));
    for (double step : STEPS) {
      if (step * decade >= least * (1 - 1e-9)) {
        return step * decade;
      }
    }
    throw new IllegalArgumentException("not positive and finite: " + least);
  }

  /** The same, with other words for its numbers. */
  public Scale named(DoubleFunction<String> words) {
    return new Scale(from, to, logarithmic, ticks, words);
  }

  /** Its lower end. */
  public double from() {
    return from;
  }

  /** Its upper end. */
  public double to() {
    return to;
  }

  /** The share of the axis below a number: 0 to 1 for those on it. */
  double share(double value) {
    return logarithmic
        ? Math.log(value / from) / Math.log(to / from)
        : (value - from) / (to - from);
  }

  /** The numbers that are named. */
  List<Double> ticks() {
    return ticks;
  }

  String name(double tick) {
    return names.apply(tick);
  }
}
