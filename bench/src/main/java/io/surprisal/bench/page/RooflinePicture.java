package io.surprisal.bench.page;

import io.surprisal.bench.draw.Chart;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Chart.Mark;
import io.surprisal.bench.draw.Chart.Point;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Panel;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * The roofline. To the right: what memory delivers for a figure; up: what is reached. No point can
 * be above the diagonal, where memory binds, nor above the level line, where the arithmetic units
 * do.
 */
final class RooflinePicture {
  /** Of free space around the points. */
  private static final double ROOM = 1.5;

  private final Speeds speeds;
  private final Scale horizontal;
  private final Scale vertical;

  private RooflinePicture(Speeds speeds) {
    this.speeds = speeds;
    List<Double> reached = new ArrayList<>();
    List<Double> delivered = new ArrayList<>();
    List<Double> ports = new ArrayList<>();
    for (Cell cell : speeds.cells()) {
      speeds.names().forEach(name -> reached.add(speeds.giga(cell, name)));
      delivered.add(speeds.limits(cell).memory());
      double limit = speeds.limits(cell).ports();
      ports.add(Double.isInfinite(limit) ? speeds.limits(cell).memory() : limit);
    }
    double left = Math.min(Words.smallest(delivered), Words.smallest(ports));
    horizontal = Scale.logarithmic(left / ROOM, Words.largest(delivered) * ROOM);
    double top = Math.max(Words.largest(ports), Words.largest(reached));
    vertical = Scale.logarithmic(Words.smallest(reached) / ROOM, top * ROOM);
  }

  static Picture of(Speeds speeds) {
    RooflinePicture picture = new RooflinePicture(speeds);
    List<Picture.Key> key = new ArrayList<>();
    speeds.names().forEach(name -> key.add(new Picture.Key(name, name)));
    key.add(new Picture.Key("roof round", "loss"));
    key.add(new Picture.Key("roof", "on its corner: with gradient"));
    return new Picture(
        "roofline",
        "The roofline: what the machine allows, and what is reached",
        key,
        speeds.threads().stream().map(picture::panel).toList(),
        List.of(picture.sentence()));
  }

  private Panel panel(int threads) {
    Chart chart =
        new Chart(
            Words.threads(threads),
            new Axis("what memory delivers, " + Words.GIGA_LOGITS, horizontal),
            new Axis("reached, " + Words.GIGA_LOGITS, vertical));
    drawRoof(chart, threads);
    List<String> read = new ArrayList<>();
    for (Operation operation : speeds.mainOperations()) {
      for (Cell cell : speeds.cells(operation, threads)) {
        for (String name : speeds.names()) {
          add(chart, cell, name);
        }
        String best = speeds.names().getLast();
        read.add(
            Words.operation(operation)
                + " of "
                + Words.shape(cell.shape())
                + " "
                + share(cell)
                + " by "
                + best);
      }
    }
    return chart.panel(
        "Roofline on "
            + Words.threads(threads)
            + ". Share of the lower roof that is reached: "
            + String.join(", ", read)
            + ".");
  }

  private void drawRoof(Chart chart, int threads) {
    double ports =
        speeds.cells().stream()
            .filter(cell -> cell.threads() == threads)
            .mapToDouble(cell -> speeds.limits(cell).ports())
            .findFirst()
            .orElseThrow();
    double from = Math.max(horizontal.from(), vertical.from());
    double corner = Math.min(ports, horizontal.to());
    List<Point> roof = new ArrayList<>();
    if (from < corner) {
      roof.add(new Point(from, from));
    }
    roof.add(new Point(Math.max(horizontal.from(), corner), corner));
    roof.add(new Point(horizontal.to(), corner));
    chart.line("roof", roof);
    if (!Double.isInfinite(ports)) {
      String words = "arithmetic units: " + Numbers.three(ports);
      chart.note("roof", new Point(Math.max(horizontal.from(), corner), corner), 2, -7, words);
    }
  }

  private void add(Chart chart, Cell cell, String name) {
    boolean reads = cell.operation().traffic() == Operation.Traffic.READ;
    Point point = new Point(speeds.limits(cell).memory(), speeds.giga(cell, name));
    chart.points(name, reads ? Mark.DOT : Mark.DIAMOND, List.of(point));
    if (name.equals(Speeds.VECTOR)) {
      chart.label(name, point, Numbers.count(cell.shape().classes()));
    }
  }

  private String share(Cell cell) {
    double share = speeds.giga(cell, speeds.names().getLast()) / speeds.limits(cell).lower();
    return Numbers.fixed(100 * share, 0) + " %";
  }

  private String sentence() {
    String best = speeds.names().getLast();
    List<Double> shares =
        speeds.cells().stream()
            .map(cell -> 100 * speeds.giga(cell, best) / speeds.limits(cell).lower())
            .toList();
    long byPorts =
        speeds.cells().stream()
            .filter(cell -> speeds.limits(cell).binding().equals("ports"))
            .count();
    return "Beside each point of "
        + best
        + " stands its number of classes. It reaches "
        + Numbers.fixed(Words.smallest(shares), 0)
        + " to "
        + Numbers.fixed(Words.largest(shares), 0)
        + " % of the lower roof, which is the arithmetic units' in "
        + byPorts
        + " and memory's in "
        + (speeds.cells().size() - byPorts)
        + " of the measured cells. Both roofs were measured in the same run: plain loops"
        + " that read, or read and write, as much memory, and fused multiply-adds in registers, of"
        + " which no correct exponential with a sum needs fewer than 14 a vector.";
  }
}
