package io.surprisal.bench.spark;

import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Totals;
import java.io.Serializable;

/**
 * Everything that an evaluation adds up: loss, perplexity and bits; accuracy and calibration; the
 * loss of each class. What travels of the first two is their wire form.
 */
public final class Tally implements Serializable {
  private static final long serialVersionUID = 1;

  private final Totals totals;
  private final Evaluation evaluation = Evaluation.standard();
  private final ClassLosses classes = new ClassLosses();

  private Tally(Totals totals) {
    this.totals = totals;
  }

  /** Of nothing yet. */
  static Tally of(CrossEntropy loss) {
    return new Tally(loss.newTotals());
  }

  /** Adds what another part of the rows gave; all of it is exact, so any order will do. */
  Tally merge(Tally other) {
    totals.merge(other.totals);
    evaluation.merge(other.evaluation);
    classes.merge(other.classes);
    return this;
  }

  /** Loss, perplexity, bits. */
  public Totals totals() {
    return totals;
  }

  /** Accuracy, top-k accuracy, calibration. */
  public Evaluation evaluation() {
    return evaluation;
  }

  /** The loss of each class. */
  public ClassLosses classes() {
    return classes;
  }
}
