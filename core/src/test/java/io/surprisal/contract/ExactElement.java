package io.surprisal.contract;

/**
 * The loss of one element in double-double arithmetic, from the formulas of its documentation.
 *
 * @param loss the loss
 * @param lossScale what errors of the loss are counted in ulp of: the loss, or its largest term
 * @param slope its derivative with respect to the input
 * @param slopeScale the largest term of the derivative
 */
record ExactElement(double loss, double lossScale, double slope, double slopeScale) {
  /** A result that is larger than its terms is what its errors are counted in ulp of. */
  ExactElement {
    lossScale = Math.max(lossScale, Math.abs(loss));
    slopeScale = Math.max(slopeScale, Math.abs(slope));
  }

  /** Binary cross-entropy of a finite logit with label smoothing. */
  static ExactElement binary(float x, float y, double smoothing) {
    Shares shares = Shares.of(y, smoothing);
    Logistic logistic = Logistic.of(x);
    DoubleDouble loss =
        shares
            .negative
            .times(logistic.softplus(x))
            .plus(shares.positive.times(logistic.softplus(-x)));
    DoubleDouble both = shares.negative.plus(shares.positive).times(logistic.tail);
    DoubleDouble own = x > 0 ? shares.negative : shares.positive;
    DoubleDouble slope = own.minus(both);
    double scale = Math.max(own.value(), both.value());
    return new ExactElement(
        loss.value(), loss.value(), x > 0 ? slope.value() : -slope.value(), scale);
  }

  /** Squared error of the sigmoid of a finite logit. */
  static ExactElement squaredError(float x, float y) {
    Shares shares = Shares.of(y, 0);
    DoubleDouble tail = Logistic.of(x).tail;
    DoubleDouble own = x > 0 ? shares.negative : shares.positive;
    DoubleDouble difference = x > 0 ? own.minus(tail) : tail.minus(own);
    DoubleDouble factor = tail.times(DoubleDouble.ONE.minus(tail)).times(2);
    double larger = Math.max(own.value(), tail.value());
    return new ExactElement(
        difference.times(difference).value(),
        larger * larger,
        difference.times(factor).value(),
        larger * factor.value());
  }

  /** Focal loss of the sigmoid of a finite logit, by its textbook formula. */
  static ExactElement focal(float x, float y, double gamma, double alpha) {
    Logistic logistic = Logistic.of(x);
    Shares shares = Shares.of(y, 0);
    DoubleDouble likely = DoubleDouble.ONE.dividedBy(DoubleDouble.ONE.plus(logistic.e));
    DoubleDouble p = x > 0 ? likely : logistic.tail;
    DoubleDouble q = x > 0 ? logistic.tail : likely;
    DoubleDouble binary =
        shares
            .negative
            .times(logistic.softplus(x))
            .plus(shares.positive.times(logistic.softplus(-x)));
    DoubleDouble wrong = p.times(shares.negative).plus(q.times(shares.positive));
    DoubleDouble weight = shares.positive.times(alpha).plus(shares.negative.times(1 - alpha));
    // What the exponential of the oracle takes for 0 is 0 to any float.
    DoubleDouble power =
        gamma == 0
            ? DoubleDouble.ONE
            : wrong.high() == 0 ? DoubleDouble.ZERO : wrong.log().times(gamma).exp();
    DoubleDouble factor = weight.times(power);
    DoubleDouble own = x > 0 ? shares.negative : shares.positive;
    DoubleDouble difference = x > 0 ? own.minus(logistic.tail) : logistic.tail.minus(own);
    DoubleDouble turn =
        wrong.high() == 0
            ? DoubleDouble.ZERO
            : binary.times(p).times(q).dividedBy(wrong).times(gamma);
    DoubleDouble signed = turn.times(shares.positive.minus(shares.negative));
    double loss = factor.times(binary).value();
    return new ExactElement(
        loss,
        loss,
        factor.times(difference.minus(signed)).value(),
        factor.value() * Math.max(Math.abs(difference.value()), Math.abs(signed.value())));
  }

  /** Binary cross-entropy of a probability, logarithms cut off at −100. */
  static ExactElement onProbabilities(float probability, float y) {
    DoubleDouble p = DoubleDouble.of(probability);
    DoubleDouble q = DoubleDouble.ONE.minus(p);
    DoubleDouble target = DoubleDouble.of(y);
    DoubleDouble rest = DoubleDouble.ONE.minus(target);
    boolean lowCut = probability == 0 || p.log().high() < -100;
    boolean highCut = probability == 1;
    DoubleDouble low = lowCut ? DoubleDouble.of(100) : p.log().negated();
    DoubleDouble high = highCut ? DoubleDouble.of(100) : q.log().negated();
    double loss = target.times(low).plus(rest.times(high)).value();
    double first = highCut ? 0 : rest.dividedBy(q).value();
    double second = lowCut ? 0 : target.dividedBy(p).value();
    return new ExactElement(loss, loss, first - second, Math.max(first, second));
  }

  /** Kullback–Leibler divergence of a log-probability from a probability. */
  static ExactElement divergence(float r, float q) {
    if (q == 0) {
      return new ExactElement(0, 0, 0, 0);
    }
    return weighted(DoubleDouble.of(q), DoubleDouble.of(q).log(), r);
  }

  /** Kullback–Leibler divergence of a log-probability from another. */
  static ExactElement logDivergence(float r, float t) {
    if (t == Float.NEGATIVE_INFINITY) {
      return new ExactElement(0, 0, 0, 0);
    }
    return weighted(DoubleDouble.of(t).exp(), DoubleDouble.of(t), r);
  }

  private static ExactElement weighted(DoubleDouble q, DoubleDouble logarithm, float r) {
    double larger = Math.max(Math.abs(logarithm.value()), Math.abs(r));
    return new ExactElement(
        q.times(logarithm.minus(DoubleDouble.of(r))).value(),
        q.value() * larger,
        -q.value(),
        q.value());
  }

  /** Shares of the two classes in a target. */
  private record Shares(DoubleDouble negative, DoubleDouble positive) {
    static Shares of(float y, double smoothing) {
      DoubleDouble kept = DoubleDouble.ONE.minus(DoubleDouble.of(smoothing));
      DoubleDouble spread = DoubleDouble.of(smoothing / 2);
      DoubleDouble target = DoubleDouble.of(y);
      return new Shares(
          DoubleDouble.ONE.minus(target).times(kept).plus(spread), target.times(kept).plus(spread));
    }
  }

  /**
   * The sigmoid of a logit.
   *
   * @param e exp(−|x|)
   * @param tail σ(−|x|)
   */
  private record Logistic(DoubleDouble e, DoubleDouble tail) {
    static Logistic of(float x) {
      DoubleDouble e = DoubleDouble.of(-Math.abs((double) x)).exp();
      return new Logistic(e, e.dividedBy(DoubleDouble.ONE.plus(e)));
    }

    /** log(1 + e^z) for z = ±x. */
    DoubleDouble softplus(float z) {
      DoubleDouble tail = e.log1p();
      return z > 0 ? DoubleDouble.of(z).plus(tail) : tail;
    }
  }
}
