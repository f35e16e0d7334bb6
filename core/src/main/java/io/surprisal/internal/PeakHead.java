package io.surprisal.internal;

/** The probabilities of a {@link SoftmaxPass#companion}, the largest apart, and nothing more. */
public final class PeakHead extends LabelHead {
  /** The only one. */
  public static final PeakHead STANDARD = new PeakHead();

  private PeakHead() {}

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  void setLoss(RowBlock rows, int i, double label, double others, double logSumExp) {
    setPeak(rows, i, label, others);
  }

  /** Keeps what is known of the class that stands apart, in a row of weight 1. */
  static void setPeak(RowBlock rows, int i, double label, double others) {
    rows.loss[i] = 0;
    rows.factor[i] = 1;
    rows.apart[i] = label;
    rows.others[i] = others;
    rows.apartSurprisal[i] = rows.likelihood[i];
  }
}
