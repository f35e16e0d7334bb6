package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums without rounding, against {@link BigDecimal}. */
class ExactSumTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /**
   * Finite doubles of every exponent, subnormal ones too: their bits are drawn, not their value.
   */
  @Provide
  Arbitrary<Double> anyFinite() {
    return Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite);
  }

  @Provide
  Arbitrary<List<Double>> terms() {
    Arbitrary<Double> subnormal =
        Arbitraries.longs().between(-(1L << 53), 1L << 53).map(units -> units * Double.MIN_VALUE);
    Arbitrary<Double> usual = Arbitraries.doubles().between(-100, 100);
    return Arbitraries.oneOf(anyFinite(), subnormal, usual).list().ofMaxSize(60);
  }

  private static ExactSum sumOf(List<Double> terms) {
    ExactSum sum = new ExactSum();
    terms.forEach(sum::add);
    return sum;
  }

  private static double exact(List<Double> terms) {
    return terms.stream()
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .doubleValue();
  }

  /** By bits, but −0 is 0: a sum of nothing has no sign. */
  private static void assertSameBits(double expected, double actual) {
    assertEquals(Double.doubleToRawLongBits(expected + 0.0), Double.doubleToRawLongBits(actual));
  }

  @Property
  void isTheExactSumRoundedOnce(@ForAll("terms") List<Double> terms) {
    assertSameBits(exact(terms), sumOf(terms).value());
  }

  @Property
  void singleTermComesBackAsItIs(@ForAll("anyFinite") double term) {
    assertSameBits(term, sumOf(List.of(term)).value());
  }

  @Property
  void whatCancelsLeavesNothing(@ForAll("terms") List<Double> terms, @ForAll Random random) {
    List<Double> both = new ArrayList<>(terms);
    terms.forEach(term -> both.add(-term));
    Collections.shuffle(both, random);
    assertSameBits(0, sumOf(both).value());
    both.add(both.size() / 2, Double.MIN_VALUE);
    assertSameBits(Double.MIN_VALUE, sumOf(both).value());
  }

  @Property
  void sumsTravelAsBytesAndGoOn(
      @ForAll("terms") List<Double> terms, @ForAll("terms") List<Double> others) {
    ExactSum travelled = travelled(sumOf(terms));
    assertSameBits(exact(terms), travelled.value());
    others.forEach(travelled::add);
    List<Double> all = new ArrayList<>(terms);
    all.addAll(others);
    assertSameBits(exact(all), travelled.value());
  }

  @ParameterizedTest
  @ValueSource(doubles = {INFINITY, -INFINITY, Double.NaN})
  void whatIsNotFiniteTravelsToo(double special) {
    ExactSum travelled = travelled(sumOf(List.of(1.0, special, -3e300)));
    assertEquals(special, travelled.value());
    travelled.add(1);
    assertEquals(special, travelled.value());
  }

  private static ExactSum travelled(ExactSum sum) {
    WireWriter out = new WireWriter('X', 1);
    sum.writeTo(out);
    WireReader in = new WireReader("ExactSum", out.toBytes(), 'X', 1);
    ExactSum travelled = new ExactSum();
    travelled.readFrom(in, "the sum");
    in.end();
    return travelled;
  }

  @Property
  void orderAndGroupingDoNotMatter(
      @ForAll("terms") List<Double> terms, @ForAll("terms") List<Double> others) {
    List<Double> all = new ArrayList<>(others);
    all.addAll(terms);
    ExactSum grouped = sumOf(terms);
    grouped.add(sumOf(others));
    assertSameBits(sumOf(all).value(), grouped.value());
    Collections.reverse(all);
    assertSameBits(sumOf(all).value(), grouped.value());
  }

  @Property
  void readingChangesNothing(@ForAll("terms") List<Double> terms) {
    ExactSum read = new ExactSum();
    for (double term : terms) {
      read.add(term);
      read.value();
    }
    assertSameBits(exact(terms), read.value());
    assertSameBits(exact(terms), read.value());
  }

  @Test
  void halfwayCasesRoundToEven() {
    assertSameBits(0x1p53, sumOf(List.of(0x1p53, 1.0)).value());
    assertSameBits(0x1.0000000000002p53, sumOf(List.of(0x1p53, 3.0)).value());
    assertSameBits(0x1p53 + 2, sumOf(List.of(0x1p53, 1.0, Double.MIN_VALUE)).value());
    assertSameBits(-0x1p53, sumOf(List.of(-0x1p53, -1.0)).value());
    assertSameBits(-0x1p53 - 2, sumOf(List.of(-0x1p53, -1.0, -Double.MIN_VALUE)).value());
    assertSameBits(0x1p53, sumOf(List.of(0x1p53, 1.0, -Double.MIN_VALUE)).value());
  }

  @Test
  void sumBetweenSubnormalAndNormalIsExact() {
    assertSameBits(
        Double.MIN_NORMAL, sumOf(List.of(Double.MIN_NORMAL, 0x1p-1074, -0x1p-1074)).value());
    assertSameBits(
        Double.MIN_NORMAL - 0x1p-1074, sumOf(List.of(Double.MIN_NORMAL, -0x1p-1074)).value());
  }

  @Test
  void sumBeyondTheLargestDoubleIsInfiniteUntilItComesBack() {
    ExactSum sum = sumOf(List.of(Double.MAX_VALUE, Double.MAX_VALUE));
    assertEquals(INFINITY, sum.value());
    sum.add(-Double.MAX_VALUE);
    assertEquals(Double.MAX_VALUE, sum.value());
    sum.add(0x1p970);
    assertEquals(INFINITY, sum.value(), "half an ulp above the largest");
    sum.add(-Double.MIN_VALUE);
    assertEquals(Double.MAX_VALUE, sum.value());
    ExactSum negative = sumOf(List.of(-Double.MAX_VALUE, -Double.MAX_VALUE));
    assertEquals(-INFINITY, negative.value());
  }

  @Test
  void infinitiesAndUndefinedTermsAreKept() {
    assertEquals(INFINITY, sumOf(List.of(1.0, INFINITY, -1.0)).value());
    assertEquals(-INFINITY, sumOf(List.of(-INFINITY, Double.MAX_VALUE)).value());
    assertEquals(Double.NaN, sumOf(List.of(INFINITY, -INFINITY)).value());
    assertEquals(Double.NaN, sumOf(List.of(Double.NaN, 1.0)).value());
    ExactSum merged = sumOf(List.of(1.0));
    merged.add(sumOf(List.of(-INFINITY)));
    assertEquals(-INFINITY, merged.value());
    merged.add(sumOf(List.of(INFINITY)));
    assertEquals(Double.NaN, merged.value());
  }

  @Test
  void negativeZerosSumToZero() {
    assertSameBits(0, sumOf(List.of(-0.0, -0.0)).value());
    assertSameBits(0, new ExactSum().value());
  }

  @Test
  void clearedSumIsEmpty() {
    ExactSum sum = sumOf(List.of(1e300, Double.NaN, -5.0));
    sum.clear();
    assertSameBits(0, sum.value());
    sum.add(2.5);
    assertSameBits(2.5, sum.value());
    assertEquals("2.5", sum.toString());
  }

  @Test
  void addingASumToItselfDoublesIt() {
    ExactSum sum = sumOf(List.of(1e-300, 3.0, -0.1));
    double once = sum.value();
    sum.add(sum);
    assertSameBits(2 * once, sum.value());
  }

  @Test
  void digitsCarryOverMillionsOfTermsAndMerges() {
    double term = 0x1.fffffffffffffp31;
    double[] terms = new double[1 << 20];
    Arrays.fill(terms, term);
    ExactSum sum = new ExactSum();
    for (double one : terms) {
      sum.add(one);
    }
    assertSameBits(0x1p20 * term, sum.value());
    for (int doubling = 0; doubling < 200; doubling++) {
      sum.add(sum);
    }
    assertSameBits(0x1p220 * term, sum.value());
    for (int halving = 0; halving < terms.length; halving++) {
      sum.add(-0x1p200 * term);
    }
    assertSameBits(0, sum.value());
  }
}
