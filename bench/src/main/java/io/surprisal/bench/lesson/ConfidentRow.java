package io.surprisal.bench.lesson;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.bench.accuracy.UsualLoss;
import io.surprisal.bench.draw.Chart;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Chart.Mark;
import io.surprisal.bench.draw.Chart.Point;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import io.surprisal.diagnosis.ReferenceLoss;
import io.surprisal.diagnosis.ReferenceRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What is left of the digits where a model is sure and right: loss and 1 − p of rows in which the
 * label is ahead by more and more, by the usual computation in float, by the library, and exactly.
 */
final class ConfidentRow {
  private static final int CLASSES = 10;
  private static final int STEPS_A_UNIT = 4;
  private static final int LARGEST_GAP = 40;
  private static final int ROWS = LARGEST_GAP * STEPS_A_UNIT + 1;

  /** Ours is drawn at every second whole gap, so that what it lies on is seen. */
  private static final int MARKED = 2 * STEPS_A_UNIT;

  private static final double LOWEST = 1e-17;

  private final LogitsBatch data = rows();
  private final float[] losses = new float[ROWS];
  private final Matrix gradient = Matrix.zeros(ROWS, CLASSES);
  private final float[] usualLosses = new UsualLoss(data).losses();
  private final float[] usualGradient = new UsualLoss(data).gradient();
  private final List<ReferenceRow> exact = new ArrayList<>();

  private ConfidentRow() {
    CrossEntropy loss = CrossEntropy.builder().divisor(Divisor.ONE).build();
    Batch batch = Batch.of(data.logits(), data.labels());
    loss.compute(batch, Outputs.none().withLosses(losses).withGradient(gradient));
    ReferenceLoss reference = ReferenceLoss.of(loss, batch);
    for (int row = 0; row < ROWS; row++) {
      exact.add(reference.row(row, data.logits()));
    }
  }

  /** The label is class 0, whose logit is the gap; all others are 0. */
  private static LogitsBatch rows() {
    float[] logits = new float[ROWS * CLASSES];
    for (int row = 0; row < ROWS; row++) {
      logits[row * CLASSES] = (float) gap(row);
    }
    return LogitsBatch.of(new Shape(ROWS, CLASSES), logits, new int[ROWS]);
  }

  private static double gap(int row) {
    return (double) row / STEPS_A_UNIT;
  }

  static Picture picture() {
    ConfidentRow rows = new ConfidentRow();
    return new Picture(
        "confident-row",
        "A row that the model is sure of",
        List.of(
            new Picture.Key("exact", "exact"),
            new Picture.Key("vector", "this library, float"),
            new Picture.Key("usual", "the usual computation, float")),
        List.of(
            rows.chart("Loss", "nats", rows.usualLosses, rows.losses)
                .panel(
                    "Loss over the gap, logarithmic: exact and ours fall together in a straight"
                        + " line; the usual one leaves it in steps and drops to 0."),
            rows.chart("1 − p of the label", "minus its gradient", rows.usualRest(), rows.rest())
                .panel(
                    "1 − p over the gap, logarithmic: exact and ours fall together in a straight"
                        + " line; the usual one leaves it in steps and drops to 0.")),
        rows.sentences());
  }

  private float[] rest() {
    return rest(gradient.data());
  }

  private float[] usualRest() {
    return rest(usualGradient);
  }

  private static float[] rest(float[] gradient) {
    float[] rest = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      rest[row] = -gradient[row * CLASSES];
    }
    return rest;
  }

  private Chart chart(String title, String unit, float[] usual, float[] ours) {
    boolean isLoss = usual == usualLosses;
    int vanished = vanished(usual);
    return new Chart(
            title,
            new Axis("how far the label's logit is ahead", Scale.linear(0, LARGEST_GAP, MARKED)),
            new Axis(unit, Scale.logarithmic(LOWEST, 10)))
        .line(
            "exact",
            points(1, row -> isLoss ? exact.get(row).loss() : -exact.get(row).gradient()[0]))
        .line("usual", points(1, row -> usual[row]))
        .points("vector", Mark.DOT, points(MARKED, row -> ours[row]))
        .note(
            "usual",
            new Point(gap(vanished), LOWEST),
            6,
            -8,
            "0 from a gap of " + Numbers.plain(gap(vanished)) + " on");
  }

  private static List<Point> points(int every, IntToDoubleFunction values) {
    return IntStream.range(0, ROWS)
        .filter(row -> row % every == 0)
        .mapToObj(row -> new Point(gap(row), values.applyAsDouble(row)))
        .toList();
  }

  private static int vanished(float[] results) {
    int row = ROWS;
    while (row > 0 && results[row - 1] == 0) {
      row--;
    }
    return row;
  }

  private List<String> sentences() {
    int tenth = 0;
    while (Math.abs(usualLosses[tenth] / exact.get(tenth).loss() - 1) < 0.1) {
      tenth++;
    }
    double worst =
        IntStream.range(0, ROWS)
            .mapToDouble(row -> Math.abs(losses[row] / exact.get(row).loss() - 1))
            .max()
            .orElseThrow();
    return List.of(
        CLASSES
            + " classes, all but the label's alike. The usual float loss is log(sum(exp(x − max)))"
            + " − (x_label − max): once the sum is 1 and a little, the little is rounded away. At a"
            + " gap of "
            + Numbers.plain(gap(tenth))
            + " it is wrong by more than a tenth, from "
            + Numbers.plain(gap(vanished(usualLosses)))
            + " on it is 0, and so is the gradient. This library adds up the other classes apart:"
            + " its loss is within "
            + Numbers.plain(worst)
            + " of the exact one, relatively, at every gap drawn.");
  }
}
