package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowSummaryTest {
  private static final double LN2 = Math.log(2);
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Sums of every size, special ones too, in frames far apart. */
  @Provide
  Arbitrary<RowSummary> summaries() {
    Arbitrary<Double> sums =
        Arbitraries.oneOf(
            between(0x1p-126, 1e6),
            Arbitraries.of(0.0, Double.MIN_VALUE, 0x1p-1022, Double.MAX_VALUE),
            Arbitraries.of(INFINITY, Double.NaN));
    Arbitrary<Integer> exponents =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-400, 400),
            Arbitraries.integers().between(-100_000, 100_000),
            Arbitraries.of(-(1 << 28), 1 << 28));
    Arbitrary<Double> origins =
        Arbitraries.oneOf(
            Arbitraries.just(0.0),
            Arbitraries.doubles().between(-1000, 1000),
            Arbitraries.of(-3.4e38, 3.4e38, -Double.MAX_VALUE, Double.MAX_VALUE));
    return Combinators.combine(sums, exponents, origins).as(RowSummary::new);
  }

  /** Positive numbers, every exponent as likely as another. */
  private static Arbitrary<Double> between(double least, double largest) {
    return Arbitraries.longs()
        .between(Double.doubleToRawLongBits(least), Double.doubleToRawLongBits(largest))
        .map(Double::longBitsToDouble);
  }

  /** Frames as kernels make them. */
  @Provide
  Arbitrary<RowSummary> usualSummaries() {
    return Combinators.combine(
            between(0x1p-30, 1e6),
            Arbitraries.integers().between(-400, 400),
            Arbitraries.oneOf(Arbitraries.just(0.0), Arbitraries.doubles().between(-1000, 1000)))
        .as(RowSummary::new);
  }

  @Property
  void emptySummaryIsTheIdentity(@ForAll("summaries") RowSummary summary) {
    if (summary.sum() == 0) {
      assertEquals(0, summary.merge(RowSummary.EMPTY).sum());
    } else {
      assertEquals(summary, summary.merge(RowSummary.EMPTY));
      assertEquals(summary, RowSummary.EMPTY.merge(summary));
    }
  }

  @Property
  void mergingIsCommutativeToTheBit(
      @ForAll("summaries") RowSummary one, @ForAll("summaries") RowSummary other) {
    // Records compare doubles by their bits, all NaN alike.
    assertEquals(one.merge(other), other.merge(one));
  }

  @Property
  void mergedLogSumExpIsThatOfBothTerms(
      @ForAll("summaries") RowSummary one, @ForAll("summaries") RowSummary other) {
    double high = Math.max(one.logSumExp(), other.logSumExp());
    double low = Math.min(one.logSumExp(), other.logSumExp());
    boolean alone = Double.isInfinite(high) || Double.isNaN(high) || low == -INFINITY;
    double expected = alone ? high : high + Math.log1p(Math.exp(low - high));
    double merged = one.merge(other).logSumExp();
    assertEquals(expected, merged, 1e-13 * Math.max(1, scale(one) + scale(other)));
  }

  private static double scale(RowSummary summary) {
    double ofSum = summary.sum() > 0 && summary.sum() < INFINITY ? Math.log(summary.sum()) : 0;
    return Math.abs(summary.origin()) + Math.abs(summary.exponent() * LN2) + Math.abs(ofSum);
  }

  @Property
  void mergingIsAssociativeAlmost(
      @ForAll("usualSummaries") RowSummary first,
      @ForAll("usualSummaries") RowSummary second,
      @ForAll("usualSummaries") RowSummary third) {
    double left = first.merge(second).merge(third).logSumExp();
    double right = first.merge(second.merge(third)).logSumExp();
    assertEquals(left, right, 0x1p-50 * Math.max(1, Math.abs(left)) + 0x1p-42);
  }

  @Test
  void equalFramesAddExactly() {
    RowSummary merged = new RowSummary(1.25, 7, 300).merge(new RowSummary(0.5, 7, 300));
    assertEquals(Math.log(1.75) + 7 * LN2 + 300, merged.logSumExp(), 1e-13);
  }

  @Test
  void largerExponentOutweighsTheLargerOrigin() {
    RowSummary large = new RowSummary(1, 5000, 0);
    assertEquals(5000 * LN2, large.merge(new RowSummary(1, 0, 1)).logSumExp(), 1e-10);
  }

  @Test
  void sumsThatWouldOverflowStayFinite() {
    RowSummary large = new RowSummary(Double.MAX_VALUE, 0, 0);
    assertEquals(1025 * LN2, large.merge(large).logSumExp(), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"536870912, -536870912", "536870912, 0", "0, -536870912"})
  void exponentsAtTheEndsOfTheirRangeMerge(int larger, int smaller) {
    RowSummary large = new RowSummary(1, larger, 0);
    RowSummary small = new RowSummary(1, smaller, 0);
    double expected = large.logSumExp();
    assertEquals(expected, large.merge(small).logSumExp(), 1e-15 * expected);
    assertEquals(expected, small.merge(large).logSumExp(), 1e-15 * expected);
  }

  @Test
  void undefinedWinsOverInfiniteAndInfiniteOverEveryNumber() {
    RowSummary number = new RowSummary(2, 3, 4);
    RowSummary infinite = new RowSummary(INFINITY, 0, 0);
    RowSummary undefined = new RowSummary(Double.NaN, 0, 0);
    assertEquals(INFINITY, number.merge(infinite).logSumExp());
    assertEquals(Double.NaN, number.merge(undefined).logSumExp());
    assertEquals(Double.NaN, infinite.merge(undefined).logSumExp());
  }

  @Test
  void emptySummaryHasLogSumExpMinusInfinity() {
    assertEquals(-INFINITY, RowSummary.EMPTY.logSumExp());
    assertEquals(-INFINITY, RowSummary.EMPTY.merge(RowSummary.EMPTY).logSumExp());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0, -0.0})
  void sumOfNothingIsTheEmptySummary(double sum) {
    assertEquals(RowSummary.EMPTY, new RowSummary(sum, 5, 3));
    assertArrayEquals(RowSummary.EMPTY.toBytes(), new RowSummary(sum, 5, 3).toBytes());
    byte[] bytes = new RowSummary(1, 5, 3).toBytes();
    ByteBuffer.wrap(bytes).putDouble(4, sum);
    assertEquals(RowSummary.EMPTY, RowSummary.of(bytes), "from bytes");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0x1p-1074, -1, -1 / 0.0})
  void negativeSumIsRefused(double sum) {
    Refusal.ofArgument(() -> new RowSummary(sum, 0, 0), "sum = " + sum + " is negative");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1 / 0.0, -1 / 0.0, 0 / 0.0})
  void originThatIsNotFiniteIsRefused(double origin) {
    Refusal.ofArgument(() -> new RowSummary(1, 0, origin), "origin = " + origin);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -(1 << 29) - 1, (1 << 29) + 1, Integer.MAX_VALUE})
  void exponentOutOfRangeIsRefused(int exponent) {
    Refusal.ofArgument(() -> new RowSummary(1, exponent, 0), "exponent = " + exponent);
  }

  @Test
  void missingSummaryIsNamed() {
    Refusal.ofNull("other", () -> RowSummary.EMPTY.merge(null));
  }
}
