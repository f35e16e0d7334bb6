package io.surprisal.contract;

import java.util.SplittableRandom;

/** What a row of logits is like: usual ones, and all that hurt. */
public enum LogitKind {
  NORMAL_TENTH,
  NORMAL,
  NORMAL_3,
  NORMAL_10,
  NORMAL_30,
  UNIFORM_1E4,
  /** exp(x) overflows, exp(x − max) does not. */
  OVERFLOWING,
  ALL_NEGATIVE,
  ALL_MINUS_5000,
  EQUAL,
  EQUAL_MAXIMA,
  /** Two classes share the maximum, far ahead of the others. */
  TWO_EQUAL,
  ONE_DOMINATES,
  /** One class ahead of each other one by 14 to 20: a float loss has no digit left. */
  ONE_CONFIDENT,
  SOME_MASKED,
  ALL_BUT_ONE_MASKED,
  HUGE,
  HUGE_AND_SMALL,
  SIGNED_ZEROS,
  SUBNORMAL,
  OFFSET_1E2,
  OFFSET_1E3,
  OFFSET_1E4,
  OFFSET_1E5,
  OFFSET_1E6,
  /** One class ahead of all others by 10 to 100. */
  GAP,
  /** Terms that a float sum loses beside the 1 in their slot. */
  SMALL_TERMS,
  /** Blocks whose frames differ, so that merging them and splitting factors is at work. */
  WILD_BLOCKS,
  /** Blocks on both sides of where the origin or the exponent changes. */
  NEAR_BLOCKS,
  /** Rows whose largest magnitude is at a limit between two ways of computing. */
  LIMITS;

  private static final double[] LIMIT_VALUES = {
    25,
    26,
    27,
    55,
    58,
    60,
    63,
    64,
    0x1.000002p6,
    65,
    87,
    88,
    89,
    255,
    256,
    0x1.000002p8,
    257,
    511,
    512,
    513,
    740
  };

  /** Fills a row with logits of this kind. */
  public void fill(SplittableRandom random, float[] row) {
    switch (this) {
      case NORMAL_TENTH -> normal(random, row, 0, 0.1);
      case NORMAL -> normal(random, row, 0, 1);
      case NORMAL_3 -> normal(random, row, 0, 3);
      case NORMAL_10 -> normal(random, row, 0, 10);
      case NORMAL_30 -> normal(random, row, 0, 30);
      case UNIFORM_1E4 -> uniform(random, row, -1e4, 1e4);
      case OVERFLOWING -> uniform(random, row, 80, 130);
      case ALL_NEGATIVE -> uniform(random, row, -300, -80);
      case ALL_MINUS_5000 -> normal(random, row, -5000, 0);
      case EQUAL -> normal(random, row, random.nextDouble(-90, 90), 0);
      case EQUAL_MAXIMA -> equalMaxima(random, row);
      case TWO_EQUAL -> twoEqual(random, row);
      case ONE_CONFIDENT -> oneConfident(random, row);
      case ONE_DOMINATES -> ahead(random, row, 40, 0, 1);
      case SOME_MASKED -> mask(random, row, 0.3);
      case ALL_BUT_ONE_MASKED -> mask(random, row, 1);
      case HUGE -> choose(random, row, 3e38f, -3e38f, 2.9e38f, 0, 1, -0x1p100f);
      case HUGE_AND_SMALL -> choose(random, row, -3e38f, -1e20f, 0, 1, 2, 3);
      case SIGNED_ZEROS -> choose(random, row, 0f, -0f);
      case SUBNORMAL ->
          choose(random, row, Float.MIN_VALUE, -0x1.8p-133f, 0x1.5p-130f, -0x1.9p-127f);
      case OFFSET_1E2 -> normal(random, row, 1e2, 3);
      case OFFSET_1E3 -> normal(random, row, -1e3, 3);
      case OFFSET_1E4 -> normal(random, row, 1e4, 3);
      case OFFSET_1E5 -> normal(random, row, -1e5, 3);
      case OFFSET_1E6 -> normal(random, row, 1e6, 3);
      case GAP -> ahead(random, row, 0, -random.nextDouble(10, 100), 0.1);
      case SMALL_TERMS -> ahead(random, row, 0, -17.35, 0);
      case WILD_BLOCKS -> blocks(random, row, 0, 500, -3000, 60, 3e6, -90, 100);
      case NEAR_BLOCKS -> blocks(random, row, 60, 62, 88, 89, 100, 20, -60, 254, 250);
      case LIMITS -> limits(random, row);
    }
  }

  /** One class at a level, the others around another. */
  private static void ahead(
      SplittableRandom random, float[] row, double level, double mean, double sigma) {
    normal(random, row, mean, sigma);
    row[random.nextInt(row.length)] = (float) level;
  }

  private static void normal(SplittableRandom random, float[] row, double mean, double sigma) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (mean + sigma * random.nextGaussian());
    }
  }

  private static void uniform(SplittableRandom random, float[] row, double low, double high) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (low + random.nextDouble() * (high - low));
    }
  }

  private static void choose(SplittableRandom random, float[] row, float... values) {
    for (int i = 0; i < row.length; i++) {
      row[i] = values[random.nextInt(values.length)];
    }
  }

  private static void equalMaxima(SplittableRandom random, float[] row) {
    normal(random, row, 0, 1);
    for (int i = random.nextInt(3); i < row.length; i += 3) {
      row[i] = 4;
    }
  }

  private static void twoEqual(SplittableRandom random, float[] row) {
    normal(random, row, 0, 1);
    row[0] = 20;
    row[random.nextInt(row.length)] = 20;
  }

  private static void oneConfident(SplittableRandom random, float[] row) {
    uniform(random, row, -20, -14);
    row[random.nextInt(row.length)] = 0;
  }

  /** Masks this share of a row but never its first class that is spared. */
  private static void mask(SplittableRandom random, float[] row, double share) {
    normal(random, row, 0, 3);
    int spared = random.nextInt(row.length);
    for (int i = 0; i < row.length; i++) {
      if (i != spared && random.nextDouble() < share) {
        row[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** A level for each 16th of the row at least, so that short rows are mixed too. */
  private static void blocks(SplittableRandom random, float[] row, double... levels) {
    int width = row.length > 2048 ? 2048 : Math.max(1, row.length / 16);
    int first = random.nextInt(levels.length);
    for (int i = 0; i < row.length; i++) {
      double level = levels[(first + i / width) % levels.length];
      row[i] = (float) (level + random.nextDouble(-2, 2));
    }
  }

  private static void limits(SplittableRandom random, float[] row) {
    float limit = (float) LIMIT_VALUES[random.nextInt(LIMIT_VALUES.length)];
    float sign = random.nextBoolean() ? 1 : -1;
    if (random.nextBoolean()) {
      uniform(random, row, sign * limit - (sign > 0 ? 10 : 0), sign * limit + (sign > 0 ? 0 : 10));
    } else {
      normal(random, row, 0, 3);
    }
    row[random.nextInt(row.length)] = sign * limit;
  }
}
