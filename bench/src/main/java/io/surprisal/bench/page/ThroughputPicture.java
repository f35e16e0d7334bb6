package io.surprisal.bench.page;

import io.surprisal.bench.draw.Bars;
import io.surprisal.bench.draw.Bars.Bar;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Panel;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Bars: how many logits a second by each kernel or library, for every shape. */
final class ThroughputPicture {
  private final Speeds speeds;

  /** Whom the others are compared with. */
  private final String reference;

  private ThroughputPicture(Speeds speeds, String reference) {
    this.speeds = speeds;
    this.reference = reference;
  }

  /** Of our kernels. */
  static Picture ofKernels(Speeds speeds) {
    ThroughputPicture picture = new ThroughputPicture(speeds, Speeds.SCALAR);
    List<Picture.Key> key = new ArrayList<>();
    speeds.names().forEach(name -> key.add(new Picture.Key(name, name)));
    key.add(new Picture.Key("limit", "what the machine allows: the lower roof"));
    return new Picture(
        "throughput",
        "Throughput by shape",
        key,
        picture.panels(),
        List.of(picture.kernelSentence(), picture.memorySentence()));
  }

  /** Of ours beside native libraries. */
  static Picture ofPeers(Speeds speeds) {
    String ours = speeds.names().getFirst();
    ThroughputPicture picture = new ThroughputPicture(speeds, ours);
    List<Picture.Key> key = new ArrayList<>();
    speeds.names().forEach(name -> key.add(new Picture.Key(style(name), name)));
    key.add(
        new Picture.Key("scalar bound", "pale: softmax and scatter alone, no loss is computed"));
    key.add(new Picture.Key("limit", "the lower roof"));
    List<String> sentences = new ArrayList<>();
    for (String peer : speeds.names().subList(1, speeds.names().size())) {
      sentences.add(picture.peerSentence(ours, peer));
    }
    return new Picture(
        "peers",
        "Beside native libraries",
        key,
        picture.panels(),
        List.of(
            "All libraries took turns in one JVM, so that whatever slowed the machine slowed them"
                + " all. "
                + String.join(" ", sentences)));
  }

  /** Ours has one colour, by whatever name. */
  private static String style(String name) {
    return name.equals("surprisal") ? Speeds.VECTOR : name;
  }

  private List<Panel> panels() {
    List<Panel> panels = new ArrayList<>();
    for (int threads : speeds.threads()) {
      Scale scale = Scale.upTo(speeds.largest(threads));
      for (Operation operation : speeds.mainOperations()) {
        panels.add(panel(operation, threads, scale));
      }
    }
    return panels;
  }

  private Panel panel(Operation operation, int threads, Scale scale) {
    String title = Words.operation(operation) + ", " + Words.threads(threads);
    Bars bars = new Bars(title, new Axis(Words.GIGA_LOGITS, scale));
    List<String> read = new ArrayList<>();
    for (Cell cell : speeds.cells(operation, threads)) {
      List<Bar> group = new ArrayList<>();
      for (String name : speeds.names()) {
        Speeds.Speed speed = speeds.speed(cell, name);
        String style = style(name) + (speed.bound() ? " bound" : "");
        group.add(new Bar(style, speed.giga(), words(cell, name)));
        read.add(name + " " + Numbers.three(speed.giga()));
      }
      bars.add(new Bars.Group(Words.shape(cell.shape()), group, speeds.limits(cell).lower()));
      read.set(
          read.size() - group.size(),
          Words.shape(cell.shape()) + ": " + read.get(read.size() - group.size()));
    }
    return bars.panel(title + ", " + Words.GIGA_LOGITS + ". " + String.join(", ", read) + ".");
  }

  private String words(Cell cell, String name) {
    String giga = Numbers.three(speeds.giga(cell, name));
    return name.equals(reference) || !name.equals(Speeds.VECTOR)
        ? giga
        : giga + "  ×" + Numbers.times(speeds.ratio(cell, name, reference));
  }

  private String kernelSentence() {
    if (!speeds.hasBoth()) {
      return "The vector kernel cannot run here, so that only scalar was measured.";
    }
    List<String> parts = new ArrayList<>();
    for (int threads : speeds.threads()) {
      List<Double> ratios =
          speeds.cells().stream()
              .filter(cell -> cell.threads() == threads)
              .map(cell -> speeds.ratio(cell, Speeds.VECTOR, Speeds.SCALAR))
              .toList();
      parts.add(Words.range(ratios) + " times scalar on " + Words.threads(threads));
    }
    return "Vector is " + String.join(", ", parts) + ". Longer is faster.";
  }

  private String memorySentence() {
    String fastest = speeds.names().getLast();
    Cell cell =
        speeds.cells().stream()
            .max(Comparator.comparingDouble(c -> speeds.gigabytes(c, fastest)))
            .orElseThrow();
    return "Most bytes a second: "
        + Numbers.three(speeds.gigabytes(cell, fastest))
        + " GB/s by "
        + fastest
        + ", "
        + cell.operation()
        + " of "
        + Words.shape(cell.shape())
        + " on "
        + Words.threads(cell.threads())
        + " (a logit has four bytes, and as many are written where there is a gradient).";
  }

  private String peerSentence(String ours, String peer) {
    List<Cell> losses =
        speeds.cells().stream().filter(cell -> !speeds.speed(cell, peer).bound()).toList();
    List<Double> ratios = losses.stream().map(cell -> speeds.ratio(cell, ours, peer)).toList();
    long behind = ratios.stream().filter(ratio -> ratio < 1).count();
    return "Ours is "
        + Words.range(ratios)
        + " times as fast as "
        + peer
        + " where that computes a loss"
        + (behind == 0 ? "." : ", and behind in " + behind + " of " + ratios.size() + " cells.");
  }
}
