package io.surprisal.bench.page;

import io.surprisal.bench.draw.Bars;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Panel;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import java.util.ArrayList;
import java.util.List;

/** Bars: how many times as fast vector is as scalar. */
final class SpeedUpPicture {
  private SpeedUpPicture() {}

  static Picture of(Speeds speeds) {
    List<Double> ratios = speeds.cells().stream().map(cell -> ratio(speeds, cell)).toList();
    Scale scale = Scale.upTo(Words.largest(ratios));
    List<Panel> panels = new ArrayList<>();
    List<Picture.Key> key = new ArrayList<>();
    for (Operation operation : speeds.mainOperations()) {
      panels.add(panel(speeds, operation, scale));
    }
    for (int i = 0; i < speeds.threads().size(); i++) {
      key.add(new Picture.Key(style(i), Words.threads(speeds.threads().get(i))));
    }
    return new Picture(
        "speed-up",
        "Speed-up: vector over scalar",
        key,
        panels,
        List.of(
            "Least for "
                + where(speeds, Words.smallest(ratios))
                + ", most for "
                + where(speeds, Words.largest(ratios))
                + ". Rows of a few classes gain less: most of their time is the work for each row,"
                + " which both kernels do alike."));
  }

  private static String style(int index) {
    return index == 0 ? "vector bound" : "vector";
  }

  private static double ratio(Speeds speeds, Cell cell) {
    return speeds.ratio(cell, Speeds.VECTOR, Speeds.SCALAR);
  }

  private static Panel panel(Speeds speeds, Operation operation, Scale scale) {
    Bars bars = new Bars(Words.operation(operation), new Axis("times as fast as scalar", scale));
    List<String> read = new ArrayList<>();
    for (Cell first : speeds.cells(operation, speeds.threads().getFirst())) {
      List<Bars.Bar> group = new ArrayList<>();
      for (int i = 0; i < speeds.threads().size(); i++) {
        Cell cell = new Cell(first.shape(), operation, speeds.threads().get(i));
        String times = Numbers.times(ratio(speeds, cell));
        group.add(new Bars.Bar(style(i), ratio(speeds, cell), "×" + times));
        read.add(Words.shape(cell.shape()) + " on " + Words.threads(cell.threads()) + " " + times);
      }
      bars.add(new Bars.Group(Words.shape(first.shape()), group, Double.NaN));
    }
    return bars.panel(
        Words.operation(operation)
            + ", how many times as fast as scalar: "
            + String.join(", ", read)
            + ".");
  }

  private static String where(Speeds speeds, double ratio) {
    Cell cell =
        speeds.cells().stream()
            .filter(candidate -> ratio(speeds, candidate) == ratio)
            .findFirst()
            .orElseThrow();
    return cell.operation()
        + " of "
        + Words.shape(cell.shape())
        + " on "
        + Words.threads(cell.threads())
        + " (×"
        + Numbers.times(ratio)
        + ")";
  }
}
