package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.DOUBLES;
import static io.surprisal.kernels.vector.Lanes.DOUBLE_LANES;
import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;
import static io.surprisal.kernels.vector.Lanes.SLOTS;

import io.surprisal.spi.ElementTile;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Binary cross-entropy of elements whose shares add up to 1 and whose {@code e = exp(−|x|)} are
 * stored: with share = x > 0 ? 1 − b : b the loss is {@code |x|·share + log1p(e)}, the gradient
 * {@code x > 0 ? share − s : s − share}, s = e/(1 + e). These are the bits of {@link
 * VectorLogistic} for a = 1 − b, where a + b is 1 exactly.
 *
 * <p>Loss and gradient come from one loop, which reads logits and targets once; the exponential
 * does not, because the processor holds only so many operations that wait for each other, and two
 * chains of half the length are faster. Losses are summed from registers: loading halves of what
 * has just been stored would wait for the store.
 */
final class VectorBinary {
  private VectorBinary() {}

  /** Losses; returns their sum. */
  static double losses(ElementTile tile) {
    return compute(tile, tile.losses, tile.lossesFrom, tile.workspace.scratch, 0);
  }

  /** Gradient. */
  static void gradient(ElementTile tile) {
    compute(tile, tile.workspace.scratch, 0, tile.gradient, tile.gradientFrom);
  }

  /** Losses and gradient; returns the sum of the losses. */
  static double lossesAndGradient(ElementTile tile) {
    return compute(tile, tile.losses, tile.lossesFrom, tile.gradient, tile.gradientFrom);
  }

  private static double compute(
      ElementTile tile, float[] losses, int lossesFrom, float[] gradient, int gradientFrom) {
    double[] slots = tile.workspace.doubleScratch;
    VectorSums.clear(slots);
    int whole = tile.count & -SLOTS;
    if (whole > 0) {
      computeVectors(tile, losses, lossesFrom, gradient, gradientFrom);
    }
    for (int i = whole; i < tile.count; i++) {
      float x = tile.inputs[tile.inputsFrom + i];
      float share = tile.positive[tile.positiveFrom + i];
      float loss = VectorLogistic.loss(x, 1 - share, share, tile.exps[i]);
      losses[lossesFrom + i] = loss;
      slots[i - whole] += loss;
      gradient[gradientFrom + i] =
          VectorLogistic.slope(x, 1 - share, share, tile.exps[i], tile.scale);
    }
    return VectorSums.fold(slots);
  }

  private static void computeVectors(
      ElementTile tile, float[] losses, int lossesFrom, float[] gradient, int gradientFrom) {
    int count = tile.count & -SLOTS;
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] exps = tile.exps;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    FloatVector vScale = FloatVector.broadcast(FLOATS, tile.scale);
    FloatVector vC10 = FloatVector.broadcast(FLOATS, VectorLogistic.C10);
    FloatVector vC9 = FloatVector.broadcast(FLOATS, VectorLogistic.C9);
    FloatVector vC8 = FloatVector.broadcast(FLOATS, VectorLogistic.C8);
    FloatVector vC7 = FloatVector.broadcast(FLOATS, VectorLogistic.C7);
    FloatVector vC6 = FloatVector.broadcast(FLOATS, VectorLogistic.C6);
    FloatVector vC5 = FloatVector.broadcast(FLOATS, VectorLogistic.C5);
    FloatVector vC4 = FloatVector.broadcast(FLOATS, VectorLogistic.C4);
    FloatVector vC3 = FloatVector.broadcast(FLOATS, VectorLogistic.C3);
    FloatVector vC2 = FloatVector.broadcast(FLOATS, VectorLogistic.C2);
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    FloatVector vZero = FloatVector.zero(FLOATS);
    FloatVector vNan = FloatVector.broadcast(FLOATS, Float.NaN);
    for (int walk = 0; walk < SLOTS; walk += LANES) {
      DoubleVector vSum0 = DoubleVector.zero(DOUBLES);
      DoubleVector vSum1 = DoubleVector.zero(DOUBLES);
      for (int i = walk; i < count; i += SLOTS) {
        FloatVector vX = FloatVector.fromArray(FLOATS, inputs, inputsFrom + i);
        FloatVector vB = FloatVector.fromArray(FLOATS, positive, positiveFrom + i);
        FloatVector vE = FloatVector.fromArray(FLOATS, exps, i);
        // l = e + e²·Q(e), s = e/(1 + e)
        FloatVector vE2 = vE.mul(vE);
        FloatVector vE4 = vE2.mul(vE2);
        FloatVector v23 = vE.fma(vC3, vC2);
        FloatVector v45 = vE.fma(vC5, vC4);
        FloatVector v67 = vE.fma(vC7, vC6);
        FloatVector v89 = vE.fma(vC9, vC8);
        FloatVector vQ = vE4.fma(vE4.fma(vC10, vE2.fma(v89, v67)), vE2.fma(v45, v23));
        FloatVector vL = vE2.fma(vQ, vE);
        FloatVector vS = vE.div(vE.add(vOne));
        VectorMask<Float> right = vX.compare(VectorOperators.GT, vZero);
        VectorMask<Float> nan = vX.compare(VectorOperators.NE, vX);
        FloatVector vShare = vB.blend(vOne.sub(vB), right);
        FloatVector vSlope = vS.sub(vShare).blend(vShare.sub(vS), right).mul(vScale);
        vSlope.blend(vNan, nan).intoArray(gradient, gradientFrom + i);
        // |x| or, where the share is 0, nothing: ∞·0 is 0 here
        FloatVector vAbs = vX.abs().blend(vZero, vShare.compare(VectorOperators.EQ, vZero));
        FloatVector vLoss = vAbs.fma(vShare, vL).blend(vNan, nan);
        vLoss.intoArray(losses, lossesFrom + i);
        vSum0 = ((DoubleVector) vLoss.convertShape(VectorOperators.F2D, DOUBLES, 0)).add(vSum0);
        vSum1 = ((DoubleVector) vLoss.convertShape(VectorOperators.F2D, DOUBLES, 1)).add(vSum1);
      }
      vSum0.intoArray(tile.workspace.doubleScratch, walk);
      vSum1.intoArray(tile.workspace.doubleScratch, walk + DOUBLE_LANES);
    }
  }
}
