package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.ElementTile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Binary cross-entropy of elements with any shares, whose {@code e = exp(−|x|)} are stored: loss
 * and gradient. {@link VectorBinary} has those whose shares add up to 1.
 *
 * <p>The loss adds, and never subtracts: {@code |x|·(x > 0 ? a : b) + (a + b)·l} with {@code l =
 * log1p(e) = e + e²·Q(e)}, Q of degree 8, its powers apart for a short chain of operations. The
 * gradient is {@code m − (a + b)·s} with {@code s = e/(1 + e)}, formed by one FMA. The last
 * elements go through the same operations as scalars.
 *
 * <p>Error of softplus within 2.26 ulp, of the sigmoid within 2.41, tried on every float.
 */
final class VectorLogistic {
  /**
   * log1p(e) = e + C2·e² + … + C10·e^10: minimax on [0, 1], relative error 5.2e-9, derived by
   * {@code Log1pPolynomial} in the tests.
   */
  static final float C2 = -0x1.ffffd2p-2f;

  static final float C3 = 0x1.554dfp-2f;
  static final float C4 = -0x1.ff26ep-3f;
  static final float C5 = 0x1.935c9ep-3f;
  static final float C6 = -0x1.3a7a8p-3f;
  static final float C7 = 0x1.b579bep-4f;
  static final float C8 = -0x1.d8631cp-5f;
  static final float C9 = 0x1.4b083p-6f;
  static final float C10 = -0x1.b2f582p-9f;

  private VectorLogistic() {}

  /** Losses; returns their sum. */
  static double losses(ElementTile tile) {
    int whole = FLOATS.loopBound(tile.count);
    if (whole > 0) {
      lossesVectors(tile, whole);
    }
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] negative = tile.negative;
    float[] exps = tile.exps;
    float[] losses = tile.losses;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.lossesFrom;
    for (int i = whole; i < tile.count; i++) {
      losses[to + i] =
          loss(inputs[inputsFrom + i], negative[i], positive[positiveFrom + i], exps[i]);
    }
    return VectorSums.plainSum(losses, to, tile.count, tile.workspace.doubleScratch);
  }

  private static void lossesVectors(ElementTile tile, int count) {
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] negative = tile.negative;
    float[] exps = tile.exps;
    float[] losses = tile.losses;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.lossesFrom;
    FloatVector vC10 = FloatVector.broadcast(FLOATS, C10);
    FloatVector vC9 = FloatVector.broadcast(FLOATS, C9);
    FloatVector vC8 = FloatVector.broadcast(FLOATS, C8);
    FloatVector vC7 = FloatVector.broadcast(FLOATS, C7);
    FloatVector vC6 = FloatVector.broadcast(FLOATS, C6);
    FloatVector vC5 = FloatVector.broadcast(FLOATS, C5);
    FloatVector vC4 = FloatVector.broadcast(FLOATS, C4);
    FloatVector vC3 = FloatVector.broadcast(FLOATS, C3);
    FloatVector vC2 = FloatVector.broadcast(FLOATS, C2);
    FloatVector vZero = FloatVector.zero(FLOATS);
    FloatVector vNan = FloatVector.broadcast(FLOATS, Float.NaN);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vX = FloatVector.fromArray(FLOATS, inputs, inputsFrom + i);
      FloatVector vA = FloatVector.fromArray(FLOATS, negative, i);
      FloatVector vB = FloatVector.fromArray(FLOATS, positive, positiveFrom + i);
      FloatVector vE = FloatVector.fromArray(FLOATS, exps, i);
      // l = e + e²·Q(e)
      FloatVector vE2 = vE.mul(vE);
      FloatVector vE4 = vE2.mul(vE2);
      FloatVector v23 = vE.fma(vC3, vC2);
      FloatVector v45 = vE.fma(vC5, vC4);
      FloatVector v67 = vE.fma(vC7, vC6);
      FloatVector v89 = vE.fma(vC9, vC8);
      FloatVector vQ = vE4.fma(vE4.fma(vC10, vE2.fma(v89, v67)), vE2.fma(v45, v23));
      FloatVector vL = vE2.fma(vQ, vE);
      // The share of the other side, and |x| or, where that share is 0, nothing: ∞·0 is 0 here.
      FloatVector vShare = vB.blend(vA, vX.compare(VectorOperators.GT, vZero));
      FloatVector vAbs = vX.abs().blend(vZero, vShare.compare(VectorOperators.EQ, vZero));
      FloatVector vLoss = vAbs.fma(vShare, vA.add(vB).mul(vL));
      vLoss.blend(vNan, vLoss.test(VectorOperators.IS_NAN)).intoArray(losses, to + i);
    }
  }

  /** One loss, by the operations of the vectors. */
  static float loss(float x, float a, float b, float e) {
    float e2 = e * e;
    float e4 = e2 * e2;
    float high = Math.fma(e4, C10, Math.fma(e2, Math.fma(e, C9, C8), Math.fma(e, C7, C6)));
    float low = Math.fma(e2, Math.fma(e, C5, C4), Math.fma(e, C3, C2));
    float l = Math.fma(e2, Math.fma(e4, high, low), e);
    float share = x > 0 ? a : b;
    float magnitude = share == 0 ? 0 : Math.abs(x);
    float loss = Math.fma(magnitude, share, (a + b) * l);
    return Float.isNaN(loss) ? Float.NaN : loss;
  }

  /** Gradient. */
  static void gradient(ElementTile tile) {
    int whole = FLOATS.loopBound(tile.count);
    if (whole > 0) {
      gradientVectors(tile, whole);
    }
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] negative = tile.negative;
    float[] exps = tile.exps;
    float[] gradient = tile.gradient;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.gradientFrom;
    for (int i = whole; i < tile.count; i++) {
      float b = positive[positiveFrom + i];
      gradient[to + i] = slope(inputs[inputsFrom + i], negative[i], b, exps[i], tile.scale);
    }
  }

  private static void gradientVectors(ElementTile tile, int count) {
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] negative = tile.negative;
    float[] exps = tile.exps;
    float[] gradient = tile.gradient;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.gradientFrom;
    FloatVector vScale = FloatVector.broadcast(FLOATS, tile.scale);
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    FloatVector vZero = FloatVector.zero(FLOATS);
    FloatVector vNan = FloatVector.broadcast(FLOATS, Float.NaN);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vX = FloatVector.fromArray(FLOATS, inputs, inputsFrom + i);
      FloatVector vA = FloatVector.fromArray(FLOATS, negative, i);
      FloatVector vB = FloatVector.fromArray(FLOATS, positive, positiveFrom + i);
      FloatVector vE = FloatVector.fromArray(FLOATS, exps, i);
      FloatVector vS = vE.div(vE.add(vOne));
      // x > 0: a − (a + b)·s, else (a + b)·s − b
      VectorMask<Float> right = vX.compare(VectorOperators.GT, vZero);
      FloatVector vSum = vA.add(vB);
      FloatVector vFactor = vSum.blend(vSum.neg(), right);
      FloatVector vSlope = vS.fma(vFactor, vB.neg().blend(vA, right)).mul(vScale);
      vSlope.blend(vNan, vSlope.test(VectorOperators.IS_NAN)).intoArray(gradient, to + i);
    }
  }

  /** One slope, scaled, by the operations of the vectors. */
  static float slope(float x, float a, float b, float e, float scale) {
    float s = e / (e + 1);
    float slope = (x > 0 ? Math.fma(s, -(a + b), a) : Math.fma(s, a + b, -b)) * scale;
    return Float.isNaN(slope) ? Float.NaN : slope;
  }
}
