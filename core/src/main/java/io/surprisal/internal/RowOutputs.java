package io.surprisal.internal;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Where the results of labelled rows go beside loss and gradient, each null or absent where it is
 * not asked for. Immutable.
 */
public final class RowOutputs {
  /** All results that are numbers; gone through by index, without an iterator. */
  public static final List<Measure> MEASURES = List.of(Measure.values());

  /** All results that are integers. */
  public static final List<Count> COUNTS = List.of(Count.values());

  /** Nothing. */
  public static final RowOutputs NONE = new RowOutputs(Map.of(), Map.of(), null);

  /** A result that is a number. */
  public enum Measure {
    /** log Σ exp(x). */
    LOG_SUM_EXP("logSumExps"),
    /** log p of the label. */
    LOG_PROBABILITY("logProbabilities"),
    /** −Σ p·log p. */
    ENTROPY("entropies"),
    /** The largest p. */
    CONFIDENCE("confidences"),
    /** Σ (p − δ)². */
    BRIER_SCORE("brierScores");

    private final String argument;

    Measure(String argument) {
      this.argument = argument;
    }

    /**
     * What users call it.
     *
     * @return the name of the argument
     */
    public String argument() {
      return argument;
    }
  }

  /** A result that is an integer. */
  public enum Count {
    /** The class with the largest logit. */
    PREDICTION("predictions"),
    /** How many logits are greater than the label's. */
    RANK("ranks");

    private final String argument;

    Count(String argument) {
      this.argument = argument;
    }

    /**
     * What users call it.
     *
     * @return the name of the argument
     */
    public String argument() {
      return argument;
    }
  }

  private final Map<Measure, float[]> measures = new EnumMap<>(Measure.class);
  private final Map<Count, int[]> counts = new EnumMap<>(Count.class);
  private final EvaluationCounts evaluation;

  private RowOutputs(
      Map<Measure, float[]> measures, Map<Count, int[]> counts, EvaluationCounts evaluation) {
    this.measures.putAll(measures);
    this.counts.putAll(counts);
    this.evaluation = evaluation;
  }

  /**
   * With one more.
   *
   * @param measure which
   * @param values where it goes
   * @return the outputs
   */
  public RowOutputs with(Measure measure, float[] values) {
    RowOutputs more = new RowOutputs(measures, counts, evaluation);
    more.measures.put(measure, values);
    return more;
  }

  /**
   * With one more.
   *
   * @param count which
   * @param values where it goes
   * @return the outputs
   */
  public RowOutputs with(Count count, int[] values) {
    RowOutputs more = new RowOutputs(measures, counts, evaluation);
    more.counts.put(count, values);
    return more;
  }

  /**
   * With counts that rows are added to.
   *
   * @param evaluated of the caller
   * @return the outputs
   */
  public RowOutputs with(EvaluationCounts evaluated) {
    return new RowOutputs(measures, counts, evaluated);
  }

  /**
   * Where a result goes.
   *
   * @param measure which
   * @return the array, or null
   */
  public float[] get(Measure measure) {
    return measures.get(measure);
  }

  /**
   * Where a result goes.
   *
   * @param count which
   * @return the array, or null
   */
  public int[] get(Count count) {
    return counts.get(count);
  }

  /**
   * Adds the names of what is asked for.
   *
   * @param parts where they are added
   */
  public void describe(StringJoiner parts) {
    measures.keySet().forEach(measure -> parts.add(measure.argument()));
    counts.keySet().forEach(count -> parts.add(count.argument()));
    if (evaluation != null) {
      parts.add("evaluation");
    }
  }

  /** The caller's counts, or null. */
  EvaluationCounts evaluation() {
    return evaluation;
  }

  private boolean has(Measure measure) {
    return get(measure) != null;
  }

  /** Whether exponentials must be there after REDUCE, for sums over them. */
  boolean needsMoments() {
    return has(Measure.ENTROPY) || has(Measure.BRIER_SCORE);
  }

  /** Whether the largest logit is to be found. */
  boolean needsPeaks() {
    return needsMoments()
        || has(Measure.CONFIDENCE)
        || get(Count.PREDICTION) != null
        || evaluation != null;
  }

  /** Whether logits are to be compared with the label's. */
  boolean needsRanks() {
    return get(Count.RANK) != null || evaluation != null;
  }

  /** Writes the results of a row that does not count. */
  void writeIgnored(int row) {
    for (int i = 0; i < MEASURES.size(); i++) {
      float[] values = get(MEASURES.get(i));
      if (values != null) {
        values[row] = 0;
      }
    }
    for (int i = 0; i < COUNTS.size(); i++) {
      int[] values = get(COUNTS.get(i));
      if (values != null) {
        values[row] = -1;
      }
    }
  }

  /** Writes the results of slots from first to last − 1, and counts their rows. */
  void write(RowBlock rows, Peaks peaks, int first, int last, EvaluationCounts counted) {
    for (int i = first; i < last; i++) {
      writeMeasures(rows, peaks, i);
      int rank = Float.isNaN(rows.trueLogit(i)) ? -1 : peaks.greater[i];
      int row = rows.index[i];
      if (get(Count.PREDICTION) != null) {
        get(Count.PREDICTION)[row] = peaks.column[i];
      }
      if (get(Count.RANK) != null) {
        get(Count.RANK)[row] = rank;
      }
      if (evaluation != null) {
        counted.add(rank, peaks.column[i] == rows.trueLabel(i), confidence(rows, peaks, i));
      }
    }
  }

  private void writeMeasures(RowBlock rows, Peaks peaks, int i) {
    int row = rows.index[i];
    if (has(Measure.LOG_SUM_EXP)) {
      get(Measure.LOG_SUM_EXP)[row] = (float) logSumExp(rows, i);
    }
    if (has(Measure.LOG_PROBABILITY)) {
      // Not negated, so that certainty has no sign and NaN keeps its.
      get(Measure.LOG_PROBABILITY)[row] = (float) (0 - rows.likelihood[i]);
    }
    if (has(Measure.ENTROPY)) {
      get(Measure.ENTROPY)[row] = (float) entropy(rows, peaks, i);
    }
    if (has(Measure.CONFIDENCE)) {
      get(Measure.CONFIDENCE)[row] = confidence(rows, peaks, i);
    }
    if (has(Measure.BRIER_SCORE)) {
      get(Measure.BRIER_SCORE)[row] = (float) brierScore(rows, peaks, i);
    }
  }

  /** Whether a row has probabilities: a logit above −∞, none +∞ or NaN. */
  private static boolean isRegular(RowBlock rows, int i) {
    float label = rows.labelLogit[i];
    return rows.sum[i] <= Double.MAX_VALUE
        && label <= Float.MAX_VALUE
        && (rows.sum[i] > 0 || label > Float.NEGATIVE_INFINITY);
  }

  private static double logSumExp(RowBlock rows, int i) {
    double sum = rows.sum[i];
    float label = rows.labelLogit[i];
    if (!(sum <= Double.MAX_VALUE) || !(label <= Float.MAX_VALUE)) {
      boolean undefined = Double.isNaN(sum) || Float.isNaN(label);
      return undefined ? Double.NaN : Double.POSITIVE_INFINITY;
    }
    double gap = (rows.origin[i] - label) + rows.exponent[i] * Summary.LN2;
    if (sum == 0 || gap < -RowBlock.NEAR) {
      return label;
    }
    return gap > RowBlock.NEAR
        ? Summary.logSumExp(sum, rows.exponent[i], rows.origin[i])
        : label + (rows.hasOther(i) ? Elementary.log1p(rows.ratio[i]) : rows.likelihood[i]);
  }

  private static double entropy(RowBlock rows, Peaks peaks, int i) {
    double rest = peaks.rest[i];
    return isRegular(rows, i) ? Elementary.log1p(rest) - peaks.spread[i] / (1 + rest) : Double.NaN;
  }

  /** 1 / Σ exp(x − x_m), rounded, by the sum without the label and the label. */
  private static float confidence(RowBlock rows, Peaks peaks, int i) {
    if (!isRegular(rows, i)) {
      return Float.NaN;
    }
    double peak = peaks.logit[i];
    double frame = (rows.origin[i] - peak) + rows.exponent[i] * Summary.LN2;
    double others = rows.sum[i] == 0 ? 0 : rows.sum[i] * Peaks.factor(Math.min(frame, 700));
    return (float) (1 / (others + Peaks.factor(rows.labelLogit[i] - peak)));
  }

  /** (1 − p_y)² and the squares of the other probabilities, nothing subtracted from a likely 1. */
  private static double brierScore(RowBlock rows, Peaks peaks, int i) {
    if (!isRegular(rows, i)) {
      return Double.NaN;
    }
    double sum = 1 + peaks.rest[i];
    double label = Peaks.factor((double) rows.trueLogit(i) - peaks.logit[i]);
    double others = peaks.column[i] == rows.trueLabel(i) ? peaks.rest[i] : sum - label;
    double squares = peaks.squares[i];
    if (rows.hasOther(i)) {
      // The class apart, whose term is 1, was left out in the label's place.
      squares += 1 - label * label;
    }
    return (others * others + squares) / (sum * sum);
  }
}
