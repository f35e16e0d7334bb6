package io.surprisal.bench.compare;

import io.surprisal.bench.compare.Comparison.Figure;
import io.surprisal.bench.compare.Plan.Cell;
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
    out.printf(Locale.ROOT, "%-11s %-18s %7s %8s %8s %7s %9s %9s %8s %6s%n", heads());
    out.printf(
        Locale.ROOT,
        "%-11s %-18s %7s %8s %8s %7s %9s %9s %8s %6s%n",
        "",
        "",
        "",
        "Gel/s",
        "Gel/s",
        "vec/sca",
        "slowest",
        "Gel/s",
        "of it",
        "ulp");
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
    out.println(summary());
  }

  private static Object[] heads() {
    return new Object[] {
      "shape",
      "operation",
      "threads",
      "scalar",
      "vector",
      "ratio",
      "vector,",
      "roofline",
      "vector",
      "max"
    };
  }

  private void printRow(Cell cell, boolean first) {
    Figure scalar = comparison.figure(cell, Comparison.SCALAR);
    Figure vector = comparison.figure(cell, Comparison.VECTOR);
    out.printf(
        Locale.ROOT,
        "%-11s %-18s %7d %8.3f %8.3f %7.1f %9.3f %9.3f %6.1f %% %6.1f%n",
        first ? cell.shape() : "",
        cell.operation(),
        cell.threads(),
        scalar.giga(),
        vector.giga(),
        vector.ratio(),
        vector.slowest(),
        comparison.roofline(cell),
        100 * vector.rooflineFraction(),
        vector.maxUlp());
  }

  private void printScalar() {
    out.printf(
        Locale.ROOT,
        "%-11s %-18s %7s %8s %9s%n",
        "shape",
        "operation",
        "threads",
        "scalar",
        "roofline");
    out.printf(Locale.ROOT, "%-11s %-18s %7s %8s %9s%n", "", "", "", "Gel/s", "Gel/s");
    for (Cell cell : comparison.plan().cells()) {
      Figure scalar = comparison.figure(cell, Comparison.SCALAR);
      double roofline = comparison.roofline(cell);
      out.printf(
          Locale.ROOT,
          "%-11s %-18s %7d %8.3f %9.3f%n",
          cell.shape(),
          cell.operation(),
          cell.threads(),
          scalar.giga(),
          roofline);
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
        "roofline  what memory allows on as many threads: read for forward and logSumExp, else"
            + " read+write.");
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
