package io.surprisal.contract;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.BinaryCrossEntropyOnProbabilities;
import io.surprisal.Divisor;
import io.surprisal.ElementLoss;
import io.surprisal.Execution;
import io.surprisal.KullbackLeibler;
import io.surprisal.SigmoidFocal;
import io.surprisal.SigmoidSquaredError;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A loss of single elements with certain options, its oracle, and the errors that it may have.
 *
 * @param name what it is called
 * @param domain what it is of
 * @param maker the loss, run somewhere
 * @param oracle the exact loss and derivative
 * @param bound the errors
 */
public record ElementCase(
    String name,
    ElementDomain domain,
    Function<Execution, ElementLoss> maker,
    Oracle oracle,
    Bound bound) {
  /** The exact loss of an element and its derivative. */
  interface Oracle {
    ExactElement of(float input, float target);
  }

  /**
   * Errors in ulp: of the loss, or of its largest term if terms are subtracted, and of the largest
   * term of the gradient.
   */
  record Bound(double loss, double lossMeanSquare, double gradient, double gradientMeanSquare) {}

  /** Of what is computed in double and rounded once. */
  private static final Bound ROUNDED_ONCE = new Bound(0.51, 0.35, 0.51, 0.35);

  private static final List<ElementCase> ALL =
      List.of(
          binary("binary", builder -> builder, 0),
          binary("binary smoothed", builder -> builder.labelSmoothing(0.1), 0.1),
          new ElementCase(
              "squared error",
              ElementDomain.LOGITS,
              execution -> with(execution, SigmoidSquaredError.builder()).build(),
              ExactElement::squaredError,
              new Bound(8, 1.2, 6, 1.8)),
          focal(0, 0.5),
          focal(0.5, 0.25),
          focal(2, 0.25),
          focal(5, 0.9),
          new ElementCase(
              "probabilities",
              ElementDomain.PROBABILITIES,
              execution -> with(execution, BinaryCrossEntropyOnProbabilities.builder()).build(),
              ExactElement::onProbabilities,
              ROUNDED_ONCE),
          new ElementCase(
              "divergence",
              ElementDomain.LOG_PROBABILITIES,
              execution -> with(execution, KullbackLeibler.builder()).build(),
              ExactElement::divergence,
              ROUNDED_ONCE),
          new ElementCase(
              "log divergence",
              ElementDomain.LOG_TARGETS,
              execution ->
                  with(execution, KullbackLeibler.builder())
                      .targets(KullbackLeibler.Targets.LOG_PROBABILITIES)
                      .build(),
              ExactElement::logDivergence,
              ROUNDED_ONCE));

  private static ElementCase binary(
      String name, UnaryOperator<BinaryCrossEntropy.Builder> options, double smoothing) {
    return new ElementCase(
        name,
        ElementDomain.LOGITS,
        execution -> options.apply(with(execution, BinaryCrossEntropy.builder())).build(),
        (x, y) -> ExactElement.binary(x, y, smoothing),
        new Bound(3, 0.7, 3.5, 0.7));
  }

  private static ElementCase focal(double gamma, double alpha) {
    return new ElementCase(
        "focal " + gamma + " " + alpha,
        ElementDomain.LOGITS,
        execution -> with(execution, SigmoidFocal.builder()).gamma(gamma).alpha(alpha).build(),
        (x, y) -> ExactElement.focal(x, y, gamma, alpha),
        ROUNDED_ONCE);
  }

  private static <B extends ElementLoss.Builder<B>> B with(Execution execution, B builder) {
    return builder.execution(execution).divisor(Divisor.ONE);
  }

  /** All of them. */
  static List<ElementCase> all() {
    return ALL;
  }

  /** The loss, run somewhere. */
  ElementLoss loss(Execution execution) {
    return maker.apply(execution);
  }

  /** A batch of one kind; the same arguments give the same numbers. */
  ElementProblem problem(LogitKind kind, int rows, int classes) {
    SplittableRandom random = new SplittableRandom(31L * (kind.name() + name).hashCode() + classes);
    return ElementProblem.of(domain, new ElementProblem.Size(kind, rows, classes), random);
  }

  @Override
  public String toString() {
    return name;
  }
}
