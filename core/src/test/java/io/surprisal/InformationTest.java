package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class InformationTest {
  private static final Information NATS = Information.inNats();
  private static final Information BITS = Information.inBits();

  /** Eight classes, some of them impossible. */
  @Provide
  Arbitrary<double[]> distributions() {
    return Arbitraries.integers()
        .between(0, 1000)
        .array(Integer[].class)
        .ofSize(8)
        .map(InformationTest::normalised);
  }

  private static double[] normalised(Integer[] counts) {
    double[] probabilities = new double[counts.length];
    double sum = 0;
    for (int count : counts) {
      sum += count;
    }
    for (int c = 0; c < counts.length; c++) {
      probabilities[c] = sum == 0 ? 1.0 / counts.length : counts[c] / sum;
    }
    return probabilities;
  }

  @Property
  void crossEntropyIsEntropyPlusDivergence(
      @ForAll("distributions") double[] p, @ForAll("distributions") double[] q) {
    double crossEntropy = NATS.crossEntropy(p, q);
    double sum = NATS.entropy(p) + NATS.divergence(p, q);
    if (Double.isInfinite(crossEntropy)) {
      assertEquals(crossEntropy, sum);
    } else {
      assertEquals(crossEntropy, sum, 1e-14 * (1 + crossEntropy));
    }
  }

  @Property
  void divergenceIsNeverNegativeAndZeroForEquals(
      @ForAll("distributions") double[] p, @ForAll("distributions") double[] q) {
    assertEquals(0, NATS.divergence(p, p));
    double divergence = NATS.divergence(p, q);
    double apart = 0;
    for (int c = 0; c < p.length; c++) {
      apart += Math.abs(p[c] - q[c]);
    }
    // Pinsker's inequality.
    assertTrue(divergence >= apart * apart / 2 - 1e-15, divergence + " at distance " + apart);
  }

  @Property
  void uniformDistributionHasTheLargestEntropy(@ForAll("distributions") double[] p) {
    double[] uniform = new double[p.length];
    Arrays.fill(uniform, 1.0 / p.length);
    assertEquals(Math.log(p.length), NATS.entropy(uniform), 1e-15);
    assertTrue(NATS.entropy(p) <= NATS.entropy(uniform) + 1e-15);
    assertTrue(NATS.entropy(p) >= 0);
  }

  @Test
  void certaintyHasNoEntropyAndItsCrossEntropyIsItsSurprisal() {
    double[] certain = {0, 1, 0};
    double[] guess = {0.2, 0.7, 0.1};
    assertEquals(0, NATS.entropy(certain));
    assertEquals(-Math.log(0.7), NATS.crossEntropy(certain, guess), 1e-15);
    assertEquals(-Math.log(0.7), NATS.divergence(certain, guess), 1e-15);
  }

  @Test
  void guessOfCatDogAndBirdInNatsAndBits() {
    double[] cat = {1, 0, 0};
    double[] guess = {0.7, 0.2, 0.1};
    assertEquals(0.3566749439, NATS.crossEntropy(cat, guess), 1e-10);
    assertEquals(0.5145731728, BITS.crossEntropy(cat, guess), 1e-10);
    assertEquals(0.5108256238, NATS.crossEntropy(cat, new double[] {0.6, 0.3, 0.1}), 1e-10);
    assertEquals(0.2231435513, NATS.crossEntropy(cat, new double[] {0.8, 0.1, 0.1}), 1e-10);
  }

  @Test
  void fairCoinHasOneBit() {
    assertEquals(1, BITS.entropy(0.5, 0.5));
    assertEquals(2, BITS.entropy(0.25, 0.25, 0.25, 0.25));
  }

  @Test
  void whatIsThoughtImpossibleIsInfinitelySurprising() {
    double[] p = {0.5, 0.5};
    double[] q = {1, 0};
    assertEquals(Double.POSITIVE_INFINITY, NATS.crossEntropy(p, q));
    assertEquals(Double.POSITIVE_INFINITY, NATS.divergence(p, q));
    assertEquals(Math.log(2), NATS.divergence(q, p), 1e-15);
  }

  /** Below 2^−1024 the ratio to a usual probability is beyond the range of double. */
  @Test
  void divergenceOfSubnormalProbabilitiesIsFinite() {
    for (double tiny : new double[] {Double.MIN_VALUE, 1e-320, 1e-310, 2e-309, 1e-308, 1e-300}) {
      double[] p = {tiny, 1};
      double[] half = {0.5, 0.5};
      assertEquals(Math.log(2), NATS.divergence(p, half), 1e-15, "of " + tiny);
      double expected = Math.log(0.5) - Math.log(tiny) / 2;
      assertEquals(expected, NATS.divergence(half, p), 2e-13, "from " + tiny);
      assertEquals(1, BITS.divergence(p, half), 1e-15, "in bits, of " + tiny);
      assertEquals(0, NATS.divergence(p, p), "of itself");
    }
  }

  @Test
  void closeDistributionsKeepTheDigitsOfTheirDivergence() {
    double step = 1e-6;
    double exact = 2 * step * step;
    double divergence =
        NATS.divergence(new double[] {0.5, 0.5}, new double[] {0.5 + step, 0.5 - step});
    assertEquals(exact, divergence, 1e-4 * exact);
  }

  @Test
  void whatIsNoDistributionIsRefused() {
    Refusal.of(IllegalArgumentException.class, () -> NATS.entropy(0.5, -0.5, 1), "p[1] = -0.5");
    Refusal.of(IllegalArgumentException.class, () -> NATS.entropy(0.5, Double.NaN), "p[1] = NaN");
    Refusal.of(IllegalArgumentException.class, () -> NATS.entropy(0.5, 0.4), "adds up to 0.9");
    double[] two = {0.5, 0.5};
    double[] three = {0.5, 0.25, 0.25};
    Refusal.of(IllegalArgumentException.class, () -> BITS.crossEntropy(two, three), "q.length = 3");
    double[] wrong = {0.5, 2};
    Refusal.of(IllegalArgumentException.class, () -> BITS.divergence(two, wrong), "q[1] = 2.0");
  }
}
