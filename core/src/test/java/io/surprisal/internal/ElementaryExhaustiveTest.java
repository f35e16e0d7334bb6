package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.contract.DoubleDouble;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Our exp, log and log1p against double-double arithmetic on dense samples. The bounds are what was
 * measured, rounded up: the samples are the same in every run.
 */
@Tag("exhaustive")
class ElementaryExhaustiveTest {
  private static final int CHUNKS = 100;
  private static final int SAMPLES_PER_CHUNK = 50_000;

  /** Errors of some results, in ulp of double. */
  private record Ulps(double maximum, double worst, double squares, long count) {
    static final Ulps NONE = new Ulps(0, 0, 0, 0);

    Ulps and(Ulps other) {
      boolean larger = other.maximum > maximum;
      return new Ulps(
          larger ? other.maximum : maximum,
          larger ? other.worst : worst,
          squares + other.squares,
          count + other.count);
    }

    Ulps and(double error, double argument) {
      return and(new Ulps(error, argument, error * error, 1));
    }

    double rootMeanSquare() {
      return Math.sqrt(squares / count);
    }
  }

  /** A function of ours, what it should be, and where. */
  private record Case(
      String name,
      DoubleUnaryOperator ours,
      Function<DoubleDouble, DoubleDouble> exact,
      DoubleUnaryOperator ofUnit) {

    Ulps measure() {
      return IntStream.range(0, CHUNKS).parallel().mapToObj(this::chunk).toList().stream()
          .reduce(Ulps.NONE, Ulps::and);
    }

    private Ulps chunk(int number) {
      SplittableRandom random = new SplittableRandom(number);
      Ulps ulps = Ulps.NONE;
      for (int i = 0; i < SAMPLES_PER_CHUNK; i++) {
        double x = ofUnit.applyAsDouble(random.nextDouble());
        DoubleDouble expected = exact.apply(DoubleDouble.of(x));
        double difference = (ours.applyAsDouble(x) - expected.high()) - expected.low();
        ulps = ulps.and(Math.abs(difference) / Math.ulp(expected.high()), x);
      }
      return ulps;
    }

    void assertBound(double maximum, double rootMeanSquare) {
      Ulps ulps = measure();
      System.out.printf(
          "%s: %d doubles, largest error %.4f ulp at %a, root mean square %.4f ulp%n",
          name, ulps.count, ulps.maximum, ulps.worst, ulps.rootMeanSquare());
      assertTrue(ulps.maximum <= maximum, () -> name + ": " + ulps);
      assertTrue(ulps.rootMeanSquare() <= rootMeanSquare, () -> name + ": " + ulps);
    }
  }

  /** 2^±limit, all exponents alike. */
  private static double anyExponent(double unit, double limit) {
    return StrictMath.pow(2, (2 * unit - 1) * limit);
  }

  @Test
  void exponentialIsWithinItsBound() {
    new Case("exp", Elementary::exp, DoubleDouble::exp, unit -> 1300 * unit - 600)
        .assertBound(1.03, 0.32);
    new Case("exp near 0", Elementary::exp, DoubleDouble::exp, unit -> 2 * unit - 1)
        .assertBound(1.03, 0.32);
  }

  @Test
  void logarithmIsWithinItsBound() {
    new Case("log", Elementary::log, DoubleDouble::log, unit -> anyExponent(unit, 900))
        .assertBound(0.89, 0.29);
    new Case("log near 1", Elementary::log, DoubleDouble::log, unit -> 0.5 + 1.5 * unit)
        .assertBound(1, 0.31);
  }

  @Test
  void logarithmOfOnePlusIsWithinItsBound() {
    new Case("log1p", Elementary::log1p, DoubleDouble::log1p, unit -> anyExponent(unit, 60))
        .assertBound(0.9, 0.29);
    new Case("log1p near 0", Elementary::log1p, DoubleDouble::log1p, unit -> 3 * unit)
        .assertBound(0.92, 0.31);
  }
}
