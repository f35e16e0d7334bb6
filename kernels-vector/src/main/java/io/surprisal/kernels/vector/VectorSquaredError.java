package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.ElementTile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Squared error of the sigmoid of elements whose {@code e = exp(−|x|)} are stored: {@code d²} and
 * {@code 2·d·s·(1 − s)} with {@code s = e/(1 + e)} and {@code d = x > 0 ? 1 − b − s : s − b}. The
 * last elements go through the same operations as scalars.
 */
final class VectorSquaredError {
  private VectorSquaredError() {}

  /** Squared errors; returns their sum. */
  static double losses(ElementTile tile) {
    int whole = FLOATS.loopBound(tile.count);
    if (whole > 0) {
      lossesVectors(tile, whole);
    }
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] exps = tile.exps;
    float[] losses = tile.losses;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.lossesFrom;
    for (int i = whole; i < tile.count; i++) {
      float share = positive[positiveFrom + i];
      share = inputs[inputsFrom + i] > 0 ? 1 - share : share;
      float d = exps[i] / (exps[i] + 1) - share;
      losses[to + i] = Float.isNaN(d) ? Float.NaN : d * d;
    }
    return VectorSums.plainSum(losses, to, tile.count, tile.workspace.doubleScratch);
  }

  private static void lossesVectors(ElementTile tile, int count) {
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] exps = tile.exps;
    float[] losses = tile.losses;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.lossesFrom;
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    FloatVector vZero = FloatVector.zero(FLOATS);
    FloatVector vNan = FloatVector.broadcast(FLOATS, Float.NaN);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vX = FloatVector.fromArray(FLOATS, inputs, inputsFrom + i);
      FloatVector vB = FloatVector.fromArray(FLOATS, positive, positiveFrom + i);
      FloatVector vE = FloatVector.fromArray(FLOATS, exps, i);
      FloatVector vS = vE.div(vE.add(vOne));
      // The sign of d does not matter.
      FloatVector vD = vS.sub(vB.blend(vOne.sub(vB), vX.compare(VectorOperators.GT, vZero)));
      FloatVector vLoss = vD.mul(vD);
      vLoss.blend(vNan, vLoss.test(VectorOperators.IS_NAN)).intoArray(losses, to + i);
    }
  }

  /** Gradient of the squared error. */
  static void gradient(ElementTile tile) {
    int whole = FLOATS.loopBound(tile.count);
    if (whole > 0) {
      gradientVectors(tile, whole);
    }
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] exps = tile.exps;
    float[] gradient = tile.gradient;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.gradientFrom;
    float twice = 2 * tile.scale;
    for (int i = whole; i < tile.count; i++) {
      float s = exps[i] / (exps[i] + 1);
      float share = positive[positiveFrom + i];
      float d = inputs[inputsFrom + i] > 0 ? 1 - share - s : s - share;
      float slope = d * twice * s * (1 - s);
      gradient[to + i] = Float.isNaN(slope) ? Float.NaN : slope;
    }
  }

  private static void gradientVectors(ElementTile tile, int count) {
    float[] inputs = tile.inputs;
    float[] positive = tile.positive;
    float[] exps = tile.exps;
    float[] gradient = tile.gradient;
    int inputsFrom = tile.inputsFrom;
    int positiveFrom = tile.positiveFrom;
    int to = tile.gradientFrom;
    float twice = 2 * tile.scale;
    FloatVector vTwice = FloatVector.broadcast(FLOATS, twice);
    FloatVector vOne = FloatVector.broadcast(FLOATS, 1);
    FloatVector vZero = FloatVector.zero(FLOATS);
    FloatVector vNan = FloatVector.broadcast(FLOATS, Float.NaN);
    for (int i = 0; i < count; i += LANES) {
      FloatVector vX = FloatVector.fromArray(FLOATS, inputs, inputsFrom + i);
      FloatVector vB = FloatVector.fromArray(FLOATS, positive, positiveFrom + i);
      FloatVector vE = FloatVector.fromArray(FLOATS, exps, i);
      FloatVector vS = vE.div(vE.add(vOne));
      FloatVector vD =
          vS.sub(vB).blend(vOne.sub(vB).sub(vS), vX.compare(VectorOperators.GT, vZero));
      // 2·d·s·(1 − s)
      FloatVector vSlope = vD.mul(vTwice).mul(vS).mul(vOne.sub(vS));
      vSlope.blend(vNan, vSlope.test(VectorOperators.IS_NAN)).intoArray(gradient, to + i);
    }
  }
}
