package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.spi.MapForm;
import io.surprisal.spi.Tile;
import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** From double coefficients to float factors, for every factor and every exponential. */
class MapCoefficientsTest {
  private static final double TINY = 0x1p-126;

  /** Relative: two floats hold a factor to 48 bits. */
  private static final double TOLERANCE = 0x1p-46;

  private final RowBlock block = new RowBlock();
  private final Tile tile = new Tile();

  /** e^±64, where a kernel may leave origin and exponent 0. */
  @Provide
  Arbitrary<Float> exponentials() {
    return Arbitraries.integers()
        .between(Float.floatToRawIntBits(0x1p-93f), Float.floatToRawIntBits(0x1p93f))
        .map(Float::intBitsToFloat);
  }

  @Provide
  Arbitrary<Double> factors() {
    Arbitrary<Double> positive =
        Arbitraries.longs()
            .between(Double.doubleToRawLongBits(0x1p-300), Double.doubleToRawLongBits(0x1p300))
            .map(Double::longBitsToDouble);
    return Arbitraries.oneOf(positive, positive.map(factor -> -factor));
  }

  /** One row of one block, both in the plain frame. */
  private void set(double factor) {
    tile.rows = 1;
    tile.columns = 3;
    tile.blockSum[0] = 1;
    block.factor[0] = factor;
    MapCoefficients.set(block, 0, tile, MapForm.SCALED);
  }

  /** What a kernel makes of e, before it is rounded to float. */
  private double mapped(float e) {
    double scale = (double) tile.scale[0] + tile.scaleLow[0];
    return e < tile.cutoff[0] ? 0 : e * scale * tile.rescale[0];
  }

  @Property(tries = 5000)
  void productOfTheFactorsIsTheCoefficient(
      @ForAll("factors") double factor, @ForAll("exponentials") float e) {
    set(factor);
    BigDecimal product = new BigDecimal(factor).multiply(new BigDecimal(e));
    double exact = product.round(MathContext.DECIMAL64).doubleValue();
    double actual = mapped(e);
    if (Math.abs(exact) <= Float.MAX_VALUE) {
      double error = Math.abs(actual - exact);
      assertTrue(
          error <= Math.max(TINY, TOLERANCE * Math.abs(exact)),
          () -> factor + " · " + e + " = " + exact + ", not " + actual);
    } else {
      assertEquals((float) exact, (float) actual);
    }
  }

  /** Every e that a kernel may leave: in a frame of −40, of x from the cut to 80·ln 2. */
  @Provide
  Arbitrary<Float> allExponentials() {
    return Arbitraries.integers()
        .between(Float.floatToRawIntBits(0x1p-126f), Float.floatToRawIntBits(0x1.8p120f))
        .map(Float::intBitsToFloat);
  }

  /** What kernels make of e, in floats. */
  private float mappedInFloats(float e) {
    float product = Math.fma(e, tile.scale[0], e * tile.scaleLow[0]) * tile.rescale[0];
    return e < tile.cutoff[0] ? 0 : product;
  }

  @Property(tries = 20_000)
  void productInFloatsIsTheCoefficient(
      @ForAll("factors") double factor, @ForAll("allExponentials") float e) {
    set(factor);
    double exact = new BigDecimal(factor).multiply(new BigDecimal(e)).doubleValue();
    float actual = mappedInFloats(e);
    if (Math.abs(exact) <= Float.MAX_VALUE) {
      double error = Math.abs(actual - exact);
      assertTrue(
          error <= Math.max(TINY, Math.ulp((float) exact)),
          () -> factor + " · " + e + " = " + exact + ", not " + actual);
    } else {
      assertEquals((float) exact, actual);
    }
  }

  @Property
  void productBelowTheNormalRangeIsExactlyZero(
      @ForAll("factors") double factor, @ForAll("exponentials") float e) {
    set(factor);
    double actual = mapped(e);
    assertTrue(actual == 0 || Math.abs(actual) >= TINY * (1 - 0x1p-23), () -> "" + actual);
  }

  @Test
  void factorWithinTheRangeOfFloatsIsNotSplit() {
    set(-0.3);
    assertEquals(-0.3f, tile.scale[0]);
    assertEquals((float) (-0.3 - -0.3f), tile.scaleLow[0]);
    assertEquals(1, tile.rescale[0]);
  }

  @Test
  void factorOfNothingMakesEveryExponentialZero() {
    set(0);
    assertEquals(0, mapped(Float.MAX_VALUE));
    tile.blockSum[0] = 0;
    block.factor[0] = 1;
    MapCoefficients.set(block, 0, tile, MapForm.SCALED);
    assertEquals(0, mapped(Float.MAX_VALUE), "a block whose sum is empty");
  }

  @Test
  void undefinedFactorStaysUndefined() {
    set(Double.NaN);
    assertEquals(Double.NaN, mapped(1));
  }

  @Test
  void everyBlockIsBroughtToTheFrameOfItsRow() {
    tile.rows = 2;
    tile.columns = Tile.BLOCK + 1;
    block.factor[4] = 8;
    block.factor[5] = 1;
    block.exponent[4] = 3;
    block.origin[5] = 2;
    setSlot(0, 3, 0);
    setSlot(1, 1, 0);
    setSlot(2, 0, 1);
    setSlot(3, 0, 2);
    MapCoefficients.set(block, 4, tile, MapForm.SCALED);
    assertEquals(8, tile.scale[0]);
    assertEquals(2, tile.scale[1]);
    assertEquals((float) Math.exp(-1), tile.scale[2]);
    assertEquals(1, tile.scale[3]);
  }

  private void setSlot(int slot, int exponent, float origin) {
    tile.blockSum[slot] = 1;
    tile.blockExponent[slot] = exponent;
    tile.blockOrigin[slot] = origin;
  }

  @Test
  void coefficientsOfARowAreThoseOfItsSlot() {
    block.shift[7] = 0.1;
    block.logSumHigh[7] = 3;
    block.logSumLow[7] = 0x1p-30;
    tile.rows = 1;
    tile.columns = 3;
    MapCoefficients.set(block, 7, tile, MapForm.SCALED_MINUS_CLASSES);
    assertEquals(0.1, tile.shift[0]);
    MapCoefficients.set(block, 7, tile, MapForm.LOGARITHM);
    assertEquals(3, tile.logSumHigh[0]);
    assertEquals(0x1p-30f, tile.logSumLow[0]);
  }
}
