package io.surprisal.contract;

import java.util.SplittableRandom;

/** What a loss of elements is of, and what its targets are. */
public enum ElementDomain {
  /** Logits and targets from 0 to 1. */
  LOGITS,
  /** Probabilities and targets from 0 to 1. */
  PROBABILITIES,
  /** Log-probabilities and probabilities. */
  LOG_PROBABILITIES,
  /** Log-probabilities and log-probabilities. */
  LOG_TARGETS;

  private static final float[] SHARES = {
    0, 1, 0, 1, 0.5f, 0x1p-20f, 1 - 0x1p-24f, 1e-42f, 0.3f, 0.9f, Float.MIN_NORMAL
  };

  private static final double LEAST_LOG = -200;

  /** An input of this domain from a logit. */
  float input(float logit) {
    return switch (this) {
      case LOGITS -> logit;
      case PROBABILITIES -> (float) (1 / (1 + StrictMath.exp(-logit)));
      case LOG_PROBABILITIES, LOG_TARGETS -> -Math.abs(logit);
    };
  }

  /** Any target. */
  float target(SplittableRandom random) {
    return switch (this) {
      case LOGITS, PROBABILITIES -> share(random);
      case LOG_PROBABILITIES ->
          random.nextInt(8) == 0 ? (float) random.nextDouble(20) : share(random);
      case LOG_TARGETS ->
          random.nextInt(8) == 0
              ? Float.NEGATIVE_INFINITY
              : (float)
                  (LEAST_LOG * random.nextDouble() * random.nextDouble() * random.nextDouble());
    };
  }

  private static float share(SplittableRandom random) {
    int choice = random.nextInt(SHARES.length + 3);
    return choice < SHARES.length ? SHARES[choice] : (float) random.nextDouble();
  }
}
