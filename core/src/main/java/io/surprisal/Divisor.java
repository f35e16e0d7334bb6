package io.surprisal;

import io.surprisal.internal.WireReader;
import io.surprisal.internal.WireWriter;
import java.util.List;

/**
 * What a mean divides the sum of the row losses by; the gradient is divided by the same number.
 *
 * <p>The choice is the caller's because peers differ: with class weights PyTorch divides by the
 * weights, others by the rows; a step cut into micro-batches needs one number for all of them.
 *
 * {@snippet :
 * // Micro-batches of one step: all divided by the step's 4,096 tokens.
 * CrossEntropy loss = CrossEntropy.builder().divisor(Divisor.of(4096)).build();
 * Totals totals = loss.forwardAndGradient(logits, labels, gradient);
 * }
 */
public final class Divisor {
  /**
   * PyTorch's rule: as {@link #WEIGHTS} with labels, as {@link #ROWS} with other targets, as {@link
   * #COUNT} for an {@link ElementLoss}. Of totals that rows of both kinds were added to, the sum of
   * both numbers.
   */
  public static final Divisor STANDARD = new Divisor(Kind.STANDARD, 0);

  /**
   * The sum of weights of the rows that are not ignored: the sample weight times the label's class
   * weight, or times Σ w·q of other targets q. For an {@link ElementLoss} the weights of the
   * elements.
   */
  public static final Divisor WEIGHTS = new Divisor(Kind.WEIGHTS, 0);

  /** All rows, ignored ones too. */
  public static final Divisor ROWS = new Divisor(Kind.ROWS, 0);

  /** The rows that are not ignored; for an {@link ElementLoss} the elements. */
  public static final Divisor COUNT = new Divisor(Kind.COUNT, 0);

  /** One: the "mean" is the sum, and the gradient is the sum's. */
  public static final Divisor ONE = new Divisor(Kind.NUMBER, 1);

  private enum Kind {
    STANDARD,
    WEIGHTS,
    ROWS,
    COUNT,
    NUMBER
  }

  /** The place of a kind is its code in wire forms. */
  private static final List<Kind> KINDS =
      List.of(Kind.STANDARD, Kind.WEIGHTS, Kind.ROWS, Kind.COUNT, Kind.NUMBER);

  private final Kind kind;
  private final double number;

  private Divisor(Kind kind, double number) {
    this.kind = kind;
    this.number = number;
  }

  /**
   * A number: for example the token count of a whole step, of which this batch is a part.
   *
   * @param number positive and finite
   * @return the divisor
   * @throws IllegalArgumentException if the number is not positive and finite
   */
  public static Divisor of(double number) {
    if (!(number > 0) || Double.isInfinite(number)) {
      throw new IllegalArgumentException("divisor = " + number + " is outside (0, ∞)");
    }
    return new Divisor(Kind.NUMBER, number);
  }

  /**
   * The divisor of a batch with these sums.
   *
   * @param standard what {@link #STANDARD} divides by
   */
  double of(double standard, double weights, long rows, long count) {
    return switch (kind) {
      case STANDARD -> standard;
      case WEIGHTS -> weights;
      case ROWS -> rows;
      case COUNT -> count;
      case NUMBER -> number;
    };
  }

  void writeTo(WireWriter out) {
    out.octet(KINDS.indexOf(kind));
    if (kind == Kind.NUMBER) {
      out.real(number);
    }
  }

  static Divisor readFrom(WireReader in) {
    Kind kind = KINDS.get(in.choice("the divisor", KINDS.size()));
    return kind == Kind.NUMBER ? of(in.real("the divisor's number")) : new Divisor(kind, 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Divisor divisor && kind == divisor.kind && number == divisor.number;
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Double.hashCode(number);
  }

  @Override
  public String toString() {
    return kind == Kind.NUMBER ? "Divisor.of(" + number + ")" : "Divisor." + kind;
  }
}
