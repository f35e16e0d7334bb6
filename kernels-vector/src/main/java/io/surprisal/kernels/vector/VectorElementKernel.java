package io.surprisal.kernels.vector;

import static io.surprisal.kernels.vector.Lanes.FLOATS;
import static io.surprisal.kernels.vector.Lanes.INTS;
import static io.surprisal.kernels.vector.Lanes.LANES;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.ElementTile;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The loops over single elements in SIMD, each in a method that is compiled by itself. */
final class VectorElementKernel implements ElementKernel {
  @Override
  public void exponentials(ElementTile tile) {
    VectorLogisticExp.store(tile.workspace, tile.inputs, tile.inputsFrom, tile.count, tile.exps, 0);
  }

  @Override
  public double losses(ElementTile tile, ElementForm form) {
    return switch (form) {
      case BINARY -> VectorBinary.losses(tile);
      case WEIGHTED_BINARY -> VectorLogistic.losses(tile);
      case SQUARED_ERROR -> VectorSquaredError.losses(tile);
    };
  }

  @Override
  public void gradient(ElementTile tile, ElementForm form) {
    switch (form) {
      case BINARY -> VectorBinary.gradient(tile);
      case WEIGHTED_BINARY -> VectorLogistic.gradient(tile);
      case SQUARED_ERROR -> VectorSquaredError.gradient(tile);
    }
  }

  @Override
  public double lossesAndGradient(ElementTile tile, ElementForm form) {
    return form == ElementForm.BINARY
        ? VectorBinary.lossesAndGradient(tile)
        : ElementKernel.super.lossesAndGradient(tile, form);
  }

  /**
   * The bits of what is inside lie between those of 0 and of the highest, as signed integers: then
   * neither they nor their distance to the highest have the sign bit.
   */
  @Override
  public boolean anyOutside(float[] values, int from, int to, float highest) {
    int highestBits = Float.floatToRawIntBits(highest);
    int whole = from + FLOATS.loopBound(to - from);
    int found = whole > from ? signs(values, from, whole, highestBits) : 0;
    for (int i = whole; i < to; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      found |= bits | (highestBits - bits);
    }
    return found < 0;
  }

  /** Of whole vectors: the sign bit is set if one of them is outside. */
  private static int signs(float[] values, int from, int to, int highestBits) {
    IntVector vHighest = IntVector.broadcast(INTS, highestBits);
    IntVector vFound = IntVector.zero(INTS);
    for (int i = from; i < to; i += LANES) {
      IntVector vBits = FloatVector.fromArray(FLOATS, values, i).reinterpretAsInts();
      vFound = vBits.or(vHighest.sub(vBits)).or(vFound);
    }
    return vFound.reduceLanes(VectorOperators.OR);
  }
}
