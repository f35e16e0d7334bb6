package io.surprisal.bench.peers;

import io.surprisal.bench.accuracy.UlpError;
import io.surprisal.bench.compare.Roofs;
import io.surprisal.bench.compare.Unrest;
import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The result for a person: at most 100 columns. */
final class PeersTable {
  private final PeersFigures figures;
  private final PrintWriter out;

  private PeersTable(PeersFigures figures, PrintWriter out) {
    this.figures = figures;
    this.out = out;
  }

  static void print(PeersFigures figures, PrintWriter out) {
    PeersTable table = new PeersTable(figures, out);
    table.printSpeed();
    table.printWorst();
    Unrest.print(figures.unrests(), out);
    out.println();
    table.printRoofs();
    out.println();
    table.printErrors();
  }

  private void printSpeed() {
    StringBuilder head = new StringBuilder();
    StringBuilder units = new StringBuilder();
    head.append(text("%-11s %-18s %7s %9s", "shape", "operation", "threads", "surprisal"));
    units.append(text("%-11s %-18s %7s %9s", "", "", "", "Gel/s"));
    for (Library peer : figures.peers()) {
      head.append(text(" %16s", peer.name()));
      units.append(text(" %8s %7s", "Gel/s", "ratio"));
    }
    out.println(head);
    out.println(units);
    Cell last = null;
    for (Cell cell : figures.plan().cells()) {
      boolean first = last == null || !last.shape().equals(cell.shape());
      if (first && last != null) {
        out.println();
      }
      out.println(row(cell, first));
      last = cell;
    }
    out.println();
    out.println(
        "Gel/s  10^9 logits a second: the best iteration of a round, median of the rounds.");
    out.println("ratio  of ours to that library's; above 1 ours is faster.");
    out.println(
        "*      no loss is computed: softmax and scatter, a bound of what a loss can reach.");
  }

  private String row(Cell cell, boolean first) {
    StringBuilder row = new StringBuilder();
    row.append(
        text(
            "%-11s %-18s %7d %9.3f",
            first ? cell.shape() : "",
            cell.operation(),
            cell.threads(),
            figures.giga(figures.libraries().getFirst(), cell)));
    for (Library peer : figures.peers()) {
      row.append(
          text(
              " %8.3f %6.2f%s",
              figures.giga(peer, cell),
              figures.ratio(peer, cell),
              peer.isBound(cell.operation()) ? "*" : " "));
    }
    return row.toString().stripTrailing();
  }

  private void printWorst() {
    for (Library peer : figures.peers()) {
      Cell worst =
          figures.plan().cells().stream()
              .min(Comparator.comparingDouble(cell -> figures.ratio(peer, cell)))
              .orElseThrow();
      out.println(
          text(
              "Against %s the lowest ratio is %.2f: %s, %s, threads %d.",
              peer.name(),
              figures.ratio(peer, worst),
              worst.shape(),
              worst.operation(),
              worst.threads()));
    }
  }

  private void printRoofs() {
    out.println("What the machine allows, measured in the same turns, and what ours reaches of it");
    String format = "%-10s %-18s %3s %9s %s";
    out.println(text(format, "shape", "operation", "thr", "surprisal", Roofs.heads(0)));
    out.println(text(format, "", "", "", "Gel/s", Roofs.heads(1)));
    for (Cell cell : figures.plan().cells()) {
      double giga = figures.giga(figures.libraries().getFirst(), cell);
      String roofs = figures.roofs(cell).columns(giga);
      out.println(
          text(format, cell.shape(), cell.operation(), cell.threads(), text("%.3f", giga), roofs));
    }
    out.println("memory  read for forward, else read and written in place.");
    out.println("ports   14 operations a vector, as a loop of FMAs in registers.");
  }

  /** Every line of the table is largest and root mean square of each library. */
  private void printErrors() {
    out.println("Error of the row losses, in ulp, against double on the same logits: largest, rms");
    out.println(errorLine("", Library::name));
    for (Shape shape : figures.plan().shapes()) {
      out.println(errorLine(shape.toString(), library -> text(worst(library, shape))));
    }
    for (Accuracy accuracy : figures.accuracies()) {
      out.println(
          errorLine(accuracy.batch(), library -> text(accuracy.errors().get(library.name()))));
    }
  }

  private String errorLine(String batch, Function<Library, String> entry) {
    List<String> words = new ArrayList<>(List.of(text("%-22s", batch)));
    figures.libraries().forEach(library -> words.add(text("%18s", entry.apply(library))));
    return String.join(" ", words);
  }

  private UlpError worst(Library library, Shape shape) {
    return figures.agreements().stream()
        .filter(agreement -> agreement.library().equals(library.name()))
        .filter(agreement -> agreement.shape().equals(shape))
        .map(Agreement::lossError)
        .max(Comparator.comparingDouble(UlpError::largest))
        .orElseThrow();
  }

  private static String text(UlpError error) {
    return text("%.3g %8.3g", error.largest(), error.rootMeanSquare());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
