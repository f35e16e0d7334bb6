package io.surprisal.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes that the kernels use, chosen once: the machine's preferred one, at most 512
 * bits.
 *
 * <p>Sums are formed in a fixed number of virtual lanes, {@link #SLOTS} or a multiple of it,
 * element i in slot i mod that number. A narrower machine walks a block several times with that
 * stride, so that every width adds the same numbers in the same order.
 */
final class Lanes {
  /** Virtual lanes of every sum. */
  static final int SLOTS = 16;

  /** Virtual lanes of every sum of doubles that are computed in double. */
  static final int DOUBLE_SLOTS = 8;

  static final VectorSpecies<Float> FLOATS = widest();
  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
  static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, FLOATS.vectorShape());

  static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, FLOATS.vectorShape());

  /** As many floats as there are {@link #DOUBLES}, for conversion. */
  static final VectorSpecies<Float> HALF_FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  /** As many shorts as there are {@link #FLOATS}, for conversion. */
  static final VectorSpecies<Short> HALF_SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  /** Floats in a vector: 4, 8 or 16. */
  static final int LANES = FLOATS.length();

  /** Doubles in a vector: 2, 4 or 8. */
  static final int DOUBLE_LANES = DOUBLES.length();

  private Lanes() {}

  private static VectorSpecies<Float> widest() {
    VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
    return preferred.length() > SLOTS ? FloatVector.SPECIES_512 : preferred;
  }
}
