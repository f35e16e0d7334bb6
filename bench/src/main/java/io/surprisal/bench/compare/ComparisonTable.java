package io.surprisal.bench.compare;

import io.surprisal.bench.compare.Comparison.Figure;
import io.surprisal.bench.workload.Cell;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The result for a person: at most 100 columns, and a sentence at the end. */
final class ComparisonTable {
  private final Comparison comparison;
  private final PrintWriter out;

  private ComparisonTable(Comparison comparison, PrintWriter out) {
    this.comparison = comparison;
    this.out = out;
  }

  static void print(Comparison comparison, PrintWriter out) {
    ComparisonTable table = new ComparisonTable(comparison, out);
    if (comparison.kernels().contains(Comparison.VECTOR)) {
      table.printBoth();
    } else {
      table.printScalar();
    }
  }

  private void printBoth() {
    printLine(
        "shape", "operation", "thr", "scalar", "vector", "ratio", "slowest", Roofs.heads(0), "max");
    printLine("", "", "", "Gel/s", "Gel/s", "v/s", "vector", Roofs.heads(1), "ulp");
    Cell last = null;
    for (Cell cell : comparison.plan().cells()) {
      if (last != null && !last.shape().equals(cell.shape())) {
        out.println();
      }
      printRow(cell, last == null || !last.shape().equals(cell.shape()));
      last = cell;
    }
    printLegend();
    out.println();
    Unrest.print(comparison.unrests(), out);
    out.println(summary());
  }

  private void printRow(Cell cell, boolean first) {
    Figure scalar = comparison.figure(cell, Comparison.SCALAR);
    Figure vector = comparison.figure(cell, Comparison.VECTOR);
    printLine(
        first ? cell.shape() : "",
        cell.operation(),
        cell.threads(),
        text("%.3f", scalar.giga()),
        text("%.3f", vector.giga()),
        text("%.1f", vector.ratio()),
        text("%.3f", vector.slowest()),
        comparison.roofs(cell).columns(vector.giga()),
        text("%.1f", vector.maxUlp()));
  }

  private void printLine(Object... words) {
    out.println(text("%-10s %-18s %3s %7s %7s %6s %7s %s %4s", words));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private void printScalar() {
    String format = "%-10s %-18s %3s %7s %s";
    out.println(text(format, "shape", "operation", "thr", "scalar", Roofs.heads(0)));
    out.println(text(format, "", "", "", "Gel/s", Roofs.heads(1)));
    for (Cell cell : comparison.plan().cells()) {
      double giga = comparison.figure(cell, Comparison.SCALAR).giga();
      String roofs = comparison.roofs(cell).columns(giga);
      out.println(
          text(format, cell.shape(), cell.operation(), cell.threads(), text("%.3f", giga), roofs));
    }
  }

  private void printLegend() {
    int rounds = comparison.plan().rounds();
    out.println();
    out.printf(
        Locale.ROOT,
        "Gel/s     10^9 logits a second%s.%n",
        rounds > 1
            ? ": the median of "
                + rounds
                + " JVMs for each kernel; 'slowest' is the slowest of them"
            : ", from one JVM for each kernel");
    out.println(
        "memory    what memory delivers on as many threads: read for forward and logSumExp, else"
            + " both ways.");
    out.println(
        "ports     what the arithmetic units let through at "
            + PortLimit.OPERATIONS
            + " operations a vector, as a loop of FMAs.");
    out.println(
        "of lower  what vector reaches of the lower of these two, and which of them that is.");
    out.println(
        "max ulp   largest difference between the kernels' results, in units in the last place.");
  }

  private String summary() {
    int threads = comparison.plan().threads().getFirst();
    List<Figure> figures =
        comparison.plan().cells().stream()
            .filter(cell -> cell.threads() == threads)
            .map(cell -> comparison.figure(cell, Comparison.VECTOR))
            .toList();
    Comparator<Figure> byRatio = Comparator.comparingDouble(Figure::ratio);
    return String.format(
        Locale.ROOT,
        "On %d thread%s vector is %.1f to %.1f times as fast as scalar; results differ by %.1f ulp"
            + " at most.",
        threads,
        threads == 1 ? "" : "s",
        figures.stream().min(byRatio).orElseThrow().ratio(),
        figures.stream().max(byRatio).orElseThrow().ratio(),
        comparison.maxUlp());
  }
}
