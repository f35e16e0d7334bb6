package io.surprisal.bench.lesson;

import io.surprisal.BinaryCrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.ElementBatch;
import io.surprisal.ElementLoss;
import io.surprisal.ElementOutputs;
import io.surprisal.Matrix;
import io.surprisal.SigmoidSquaredError;
import io.surprisal.bench.draw.Chart;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Chart.Point;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Why one trains with cross-entropy: loss and gradient over the logit of an example whose label is
 * 1, beside those of squared error, as the library computes them.
 */
final class LossCurves {
  private static final float FROM = -8;
  private static final float TO = 8;
  private static final int POINTS = 161;

  /** Where the sentence reads the gradients: an example that is confidently wrong. */
  private static final float WRONG = -6;

  private LossCurves() {}

  /**
   * What a loss gives for each logit.
   *
   * @param losses over the logit
   * @param gradients over the logit
   */
  private record Curves(List<Point> losses, List<Point> gradients) {
    static Curves of(ElementLoss loss, float... logits) {
      Matrix inputs = Matrix.of(logits, logits.length, 1);
      Matrix targets = Matrix.zeros(logits.length, 1);
      Arrays.fill(targets.data(), 1);
      Matrix losses = Matrix.zeros(logits.length, 1);
      Matrix gradient = Matrix.zeros(logits.length, 1);
      loss.compute(
          ElementBatch.of(inputs, targets),
          ElementOutputs.none().withLosses(losses).withGradient(gradient));
      return new Curves(over(logits, losses), over(logits, gradient));
    }

    private static List<Point> over(float[] logits, Matrix results) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < logits.length; i++) {
        points.add(new Point(logits[i], results.data()[i]));
      }
      return points;
    }
  }

  static Picture picture() {
    float[] logits = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      logits[i] = FROM + i * (TO - FROM) / (POINTS - 1);
    }
    Curves entropy = Curves.of(crossEntropy(), logits);
    Curves squared = Curves.of(squaredError(), logits);
    Scale horizontal = Scale.linear(FROM, TO, 2);
    Chart losses =
        new Chart(
                "Loss",
                new Axis("logit of an example whose label is 1", horizontal),
                new Axis("nats, and squared probability", Scale.upTo(-FROM)))
            .line("squared", squared.losses)
            .line("vector", entropy.losses)
            .note("vector", new Point(-4.5, 4.6), 10, -4, "cross-entropy")
            .note("squared", new Point(-5, 1), 0, -10, "squared error");
    Chart gradients =
        new Chart(
                "Gradient",
                new Axis("logit of an example whose label is 1", horizontal),
                new Axis("slope of the loss", Scale.linear(-1, 0, 0.25)))
            .line("squared", squared.gradients)
            .line("vector", entropy.gradients)
            .note("vector", new Point(-1.2, -0.77), 12, 4, "cross-entropy")
            .note("squared", new Point(-3.4, -0.13), -4, 18, "squared error");
    return new Picture(
        "loss-and-gradient",
        "Cross-entropy beside squared error",
        List.of(),
        List.of(
            losses.panel(
                "Loss over the logit: that of cross-entropy falls in a straight line"
                    + " and then to 0, that of squared error stays level for long and then"
                    + " falls to 0."),
            gradients.panel(
                "Gradient over the logit: that of cross-entropy rises from −1 to 0,"
                    + " that of squared error is near 0 at both ends and lowest in the middle.")),
        sentences(squared.gradients));
  }

  private static BinaryCrossEntropy crossEntropy() {
    return BinaryCrossEntropy.builder().divisor(Divisor.ONE).build();
  }

  private static SigmoidSquaredError squaredError() {
    return SigmoidSquaredError.builder().divisor(Divisor.ONE).build();
  }

  private static List<String> sentences(List<Point> slopes) {
    double entropy = Curves.of(crossEntropy(), WRONG).gradients.getFirst().y();
    double squared = Curves.of(squaredError(), WRONG).gradients.getFirst().y();
    Point steepest = slopes.stream().min(Comparator.comparingDouble(Point::y)).orElseThrow();
    return List.of(
        "An example is confidently wrong at the left: its label is 1, and the model says 0. At a"
            + " logit of "
            + Numbers.plain(WRONG)
            + " the gradient of cross-entropy is "
            + Numbers.three(entropy)
            + ", and the example is learnt; that of squared error is "
            + Numbers.three(squared)
            + ", "
            + Numbers.times(entropy / squared)
            + " times less. It learns most near a logit of "
            + Numbers.plain(steepest.x())
            + ", where the model is undecided.");
  }
}
