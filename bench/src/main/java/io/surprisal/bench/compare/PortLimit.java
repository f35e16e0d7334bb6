package io.surprisal.bench.compare;

import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The other roof: how fast the arithmetic units would let elements through if nothing but an
 * exponential's {@link #OPERATIONS} were done for each, measured by a loop of fused multiply-adds
 * in registers.
 *
 * <p>The one place of this module that mentions the Vector API; not to be loaded where the module
 * is absent.
 */
final class PortLimit {
  /** Operations on each vector of elements: a correct exponential and the addition to a sum. */
  static final int OPERATIONS = 14;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /**
   * Independent chains: two units with a latency of four cycles need eight; with the two constants
   * they fit in sixteen registers.
   */
  private static final int CHAINS = 12;

  private static final int STEPS_A_CALL = 1000;

  private static final long WARM_UP_NANOS = 300_000_000;

  private PortLimit() {}

  /** A call that does as many operations as so many elements need, shared out over threads. */
  static DoubleSupplier call(int elements, Parts parts) {
    long operations = (long) elements * OPERATIONS / SPECIES.length();
    int steps = (int) Math.max(1, operations / CHAINS / parts.count());
    float[] results = new float[parts.count()];
    // Compiled before it is measured: the first figure would be half of the others.
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      results[0] += runs(10 * STEPS_A_CALL);
    }
    return () -> {
      parts.run(part -> results[part] = runs(steps));
      return results[0];
    };
  }

  /** In calls of a few steps: one call of millions would be compiled in the middle of its loop. */
  private static float runs(int steps) {
    float result = 0;
    for (int done = 0; done < steps; done += STEPS_A_CALL) {
      result = run(Math.min(STEPS_A_CALL, steps - done), 0.5f, 1);
    }
    return result;
  }

  /** Each chain tends to addend / (1 − factor): no number grows, vanishes or becomes subnormal. */
  private static float run(int steps, float factor, float addend) {
    FloatVector vFactor = FloatVector.broadcast(SPECIES, factor);
    FloatVector vAddend = FloatVector.broadcast(SPECIES, addend);
    FloatVector v0 = vAddend;
    FloatVector v1 = vAddend;
    FloatVector v2 = vAddend;
    FloatVector v3 = vAddend;
    FloatVector v4 = vAddend;
    FloatVector v5 = vAddend;
    FloatVector v6 = vAddend;
    FloatVector v7 = vAddend;
    FloatVector v8 = vAddend;
    FloatVector v9 = vAddend;
    FloatVector v10 = vAddend;
    FloatVector v11 = vAddend;
    for (int i = 0; i < steps; i++) {
      v0 = vFactor.fma(v0, vAddend);
      v1 = vFactor.fma(v1, vAddend);
      v2 = vFactor.fma(v2, vAddend);
      v3 = vFactor.fma(v3, vAddend);
      v4 = vFactor.fma(v4, vAddend);
      v5 = vFactor.fma(v5, vAddend);
      v6 = vFactor.fma(v6, vAddend);
      v7 = vFactor.fma(v7, vAddend);
      v8 = vFactor.fma(v8, vAddend);
      v9 = vFactor.fma(v9, vAddend);
      v10 = vFactor.fma(v10, vAddend);
      v11 = vFactor.fma(v11, vAddend);
    }
    FloatVector vSum = v0.add(v1).add(v2).add(v3).add(v4).add(v5);
    return vSum.add(v6).add(v7).add(v8).add(v9).add(v10).add(v11).lane(0);
  }
}
