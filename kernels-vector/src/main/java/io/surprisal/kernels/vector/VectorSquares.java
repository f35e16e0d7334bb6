package io.surprisal.kernels.vector;

import io.surprisal.spi.Transposition;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Squares of a matrix turned round in vectors, one behind another along its longer side.
 *
 * <p>Rows i and i + k exchange their halves, quarters and single elements: of two rows, the lanes
 * whose number has bit k come from the second, moved by k; and the other way round. Each step takes
 * two shuffles and two blends for two rows.
 */
final class VectorSquares {
  static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
  static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;

  private static final VectorShuffle<Float> FOUR_1 = exchange(FOUR, 1);
  private static final VectorShuffle<Float> FOUR_2 = exchange(FOUR, 2);
  private static final VectorMask<Float> FOUR_UPPER_1 = upper(FOUR, 1);
  private static final VectorMask<Float> FOUR_UPPER_2 = upper(FOUR, 2);
  private static final VectorShuffle<Float> EIGHT_1 = exchange(EIGHT, 1);
  private static final VectorShuffle<Float> EIGHT_2 = exchange(EIGHT, 2);
  private static final VectorShuffle<Float> EIGHT_4 = exchange(EIGHT, 4);
  private static final VectorMask<Float> EIGHT_UPPER_1 = upper(EIGHT, 1);
  private static final VectorMask<Float> EIGHT_UPPER_2 = upper(EIGHT, 2);
  private static final VectorMask<Float> EIGHT_UPPER_4 = upper(EIGHT, 4);

  private VectorSquares() {}

  private static VectorShuffle<Float> exchange(VectorSpecies<Float> species, int bit) {
    return VectorShuffle.fromOp(species, lane -> lane ^ bit);
  }

  /** The lanes whose number has the bit. */
  private static VectorMask<Float> upper(VectorSpecies<Float> species, int bit) {
    boolean[] lanes = new boolean[species.length()];
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane] = (lane & bit) != 0;
    }
    return VectorMask.fromArray(species, lanes, 0);
  }

  /** Squares of four by four from a row and column on. */
  static void turnFours(Transposition matrix, int row, int column, int count) {
    int fromStride = matrix.fromStride;
    int toStride = matrix.toStride;
    int from = matrix.fromStart + column * fromStride + row;
    int to = matrix.toStart + row * toStride + column;
    int fromStep = matrix.isTall() ? 4 : 4 * fromStride;
    int toStep = matrix.isTall() ? 4 * toStride : 4;
    for (int i = 0; i < count; i++) {
      FloatVector a0 = FloatVector.fromArray(FOUR, matrix.from, from);
      FloatVector a1 = FloatVector.fromArray(FOUR, matrix.from, from + fromStride);
      FloatVector a2 = FloatVector.fromArray(FOUR, matrix.from, from + 2 * fromStride);
      FloatVector a3 = FloatVector.fromArray(FOUR, matrix.from, from + 3 * fromStride);
      FloatVector b0 = a0.blend(a2.rearrange(FOUR_2), FOUR_UPPER_2);
      FloatVector b2 = a0.rearrange(FOUR_2).blend(a2, FOUR_UPPER_2);
      FloatVector b1 = a1.blend(a3.rearrange(FOUR_2), FOUR_UPPER_2);
      FloatVector b3 = a1.rearrange(FOUR_2).blend(a3, FOUR_UPPER_2);
      b0.blend(b1.rearrange(FOUR_1), FOUR_UPPER_1).intoArray(matrix.to, to);
      b0.rearrange(FOUR_1).blend(b1, FOUR_UPPER_1).intoArray(matrix.to, to + toStride);
      b2.blend(b3.rearrange(FOUR_1), FOUR_UPPER_1).intoArray(matrix.to, to + 2 * toStride);
      b2.rearrange(FOUR_1).blend(b3, FOUR_UPPER_1).intoArray(matrix.to, to + 3 * toStride);
      from += fromStep;
      to += toStep;
    }
  }

  /** Squares of eight by eight from a row and column on. */
  static void turnEights(Transposition matrix, int row, int column, int count) {
    int fromStride = matrix.fromStride;
    int toStride = matrix.toStride;
    int from = matrix.fromStart + column * fromStride + row;
    int to = matrix.toStart + row * toStride + column;
    int fromStep = matrix.isTall() ? 8 : 8 * fromStride;
    int toStep = matrix.isTall() ? 8 * toStride : 8;
    for (int i = 0; i < count; i++) {
      FloatVector a0 = FloatVector.fromArray(EIGHT, matrix.from, from);
      FloatVector a1 = FloatVector.fromArray(EIGHT, matrix.from, from + fromStride);
      FloatVector a2 = FloatVector.fromArray(EIGHT, matrix.from, from + 2 * fromStride);
      FloatVector a3 = FloatVector.fromArray(EIGHT, matrix.from, from + 3 * fromStride);
      FloatVector a4 = FloatVector.fromArray(EIGHT, matrix.from, from + 4 * fromStride);
      FloatVector a5 = FloatVector.fromArray(EIGHT, matrix.from, from + 5 * fromStride);
      FloatVector a6 = FloatVector.fromArray(EIGHT, matrix.from, from + 6 * fromStride);
      FloatVector a7 = FloatVector.fromArray(EIGHT, matrix.from, from + 7 * fromStride);
      FloatVector b0 = a0.blend(a4.rearrange(EIGHT_4), EIGHT_UPPER_4);
      FloatVector b4 = a0.rearrange(EIGHT_4).blend(a4, EIGHT_UPPER_4);
      FloatVector b1 = a1.blend(a5.rearrange(EIGHT_4), EIGHT_UPPER_4);
      FloatVector b5 = a1.rearrange(EIGHT_4).blend(a5, EIGHT_UPPER_4);
      FloatVector b2 = a2.blend(a6.rearrange(EIGHT_4), EIGHT_UPPER_4);
      FloatVector b6 = a2.rearrange(EIGHT_4).blend(a6, EIGHT_UPPER_4);
      FloatVector b3 = a3.blend(a7.rearrange(EIGHT_4), EIGHT_UPPER_4);
      FloatVector b7 = a3.rearrange(EIGHT_4).blend(a7, EIGHT_UPPER_4);
      a0 = b0.blend(b2.rearrange(EIGHT_2), EIGHT_UPPER_2);
      a2 = b0.rearrange(EIGHT_2).blend(b2, EIGHT_UPPER_2);
      a1 = b1.blend(b3.rearrange(EIGHT_2), EIGHT_UPPER_2);
      a3 = b1.rearrange(EIGHT_2).blend(b3, EIGHT_UPPER_2);
      a4 = b4.blend(b6.rearrange(EIGHT_2), EIGHT_UPPER_2);
      a6 = b4.rearrange(EIGHT_2).blend(b6, EIGHT_UPPER_2);
      a5 = b5.blend(b7.rearrange(EIGHT_2), EIGHT_UPPER_2);
      a7 = b5.rearrange(EIGHT_2).blend(b7, EIGHT_UPPER_2);
      a0.blend(a1.rearrange(EIGHT_1), EIGHT_UPPER_1).intoArray(matrix.to, to);
      a0.rearrange(EIGHT_1).blend(a1, EIGHT_UPPER_1).intoArray(matrix.to, to + toStride);
      a2.blend(a3.rearrange(EIGHT_1), EIGHT_UPPER_1).intoArray(matrix.to, to + 2 * toStride);
      a2.rearrange(EIGHT_1).blend(a3, EIGHT_UPPER_1).intoArray(matrix.to, to + 3 * toStride);
      a4.blend(a5.rearrange(EIGHT_1), EIGHT_UPPER_1).intoArray(matrix.to, to + 4 * toStride);
      a4.rearrange(EIGHT_1).blend(a5, EIGHT_UPPER_1).intoArray(matrix.to, to + 5 * toStride);
      a6.blend(a7.rearrange(EIGHT_1), EIGHT_UPPER_1).intoArray(matrix.to, to + 6 * toStride);
      a6.rearrange(EIGHT_1).blend(a7, EIGHT_UPPER_1).intoArray(matrix.to, to + 7 * toStride);
      from += fromStep;
      to += toStep;
    }
  }
}
