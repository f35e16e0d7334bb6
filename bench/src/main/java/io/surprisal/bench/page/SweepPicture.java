package io.surprisal.bench.page;

import io.surprisal.bench.draw.Chart;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Chart.Point;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Panel;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Lines: throughput over the number of classes, from two to millions. */
final class SweepPicture {
  private final Speeds speeds;
  private final Scale horizontal;
  private final Scale vertical;

  private SweepPicture(Speeds speeds) {
    this.speeds = speeds;
    List<Double> classes = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (Cell cell : speeds.cells()) {
      classes.add((double) cell.shape().classes());
      speeds.names().forEach(name -> values.add(speeds.giga(cell, name)));
      values.add(speeds.limits(cell).lower());
    }
    horizontal =
        Scale.logarithmic(Words.smallest(classes), Words.largest(classes)).named(Numbers::count);
    vertical = Scale.logarithmic(Words.smallest(values) / 1.2, Words.largest(values) * 1.2);
  }

  static Picture of(Speeds speeds) {
    SweepPicture picture = new SweepPicture(speeds);
    List<Picture.Key> key = new ArrayList<>();
    speeds.names().forEach(name -> key.add(new Picture.Key(name, name)));
    key.add(new Picture.Key("roof", "what the machine allows: the lower roof"));
    int threads = speeds.threads().getFirst();
    return new Picture(
        "sweep",
        "Throughput over the number of classes",
        key,
        speeds.mainOperations().stream()
            .map(operation -> picture.panel(operation, threads))
            .toList(),
        List.of(picture.sentence(threads)));
  }

  private Panel panel(Operation operation, int threads) {
    String title = Words.operation(operation) + ", " + Words.threads(threads);
    Chart chart =
        new Chart(title, new Axis("classes", horizontal), new Axis(Words.GIGA_LOGITS, vertical));
    List<Cell> cells = speeds.cells(operation, threads);
    chart.line("roof", points(cells, cell -> speeds.limits(cell).lower()));
    List<String> read = new ArrayList<>();
    for (String name : speeds.names()) {
      chart.line(name, points(cells, cell -> speeds.giga(cell, name)));
      cells.forEach(
          cell ->
              read.add(
                  name
                      + " at "
                      + cell.shape().classes()
                      + ": "
                      + Numbers.three(speeds.giga(cell, name))));
    }
    return chart.panel(title + " over the number of classes: " + String.join(", ", read) + ".");
  }

  private static List<Point> points(List<Cell> cells, ToDoubleFunction<Cell> value) {
    return cells.stream()
        .map(cell -> new Point(cell.shape().classes(), value.applyAsDouble(cell)))
        .toList();
  }

  private String sentence(int threads) {
    String best = speeds.names().getLast();
    Comparator<Cell> bySpeed = Comparator.comparingDouble(cell -> speeds.giga(cell, best));
    List<Cell> cells = speeds.cells(speeds.mainOperations().getFirst(), threads);
    Cell fastest = cells.stream().max(bySpeed).orElseThrow();
    Cell slowest = cells.stream().min(bySpeed).orElseThrow();
    return "Batches of "
        + Numbers.count(fastest.shape().elements())
        + " logits, cut into rows of "
        + Numbers.count(cells.getFirst().shape().classes())
        + " to "
        + Numbers.count(cells.getLast().shape().classes())
        + " classes. The loss by "
        + best
        + " goes from "
        + Numbers.three(speeds.giga(slowest, best))
        + " at "
        + Numbers.count(slowest.shape().classes())
        + " classes to "
        + Numbers.three(speeds.giga(fastest, best))
        + " at "
        + Numbers.count(fastest.shape().classes())
        + " ("
        + Words.GIGA_LOGITS
        + ").";
  }
}
