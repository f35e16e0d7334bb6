package io.surprisal.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.report.ReportJson;
import io.surprisal.bench.workload.Cell;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How much the rounds of a figure differ: the sign of a machine that did something else too.
 *
 * @param what the kernel, library or roof
 * @param cell of the figure
 * @param ratio of its slowest round to its fastest
 */
public record Unrest(String what, Cell cell, double ratio) {
  /** Each round is the best of several iterations already; on a quiet machine they agree better. */
  private static final double MUCH = 1.2;

  /** Of a figure's rounds. */
  public static Unrest of(String what, Cell cell, List<Double> nanos) {
    return new Unrest(what, cell, Collections.max(nanos) / Collections.min(nanos));
  }

  /** Whether the figure is to be doubted. */
  public boolean isMuch() {
    return ratio > MUCH;
  }

  /** Adds the list of such figures to a report. */
  public static void addTo(ObjectNode document, List<Unrest> unrests) {
    ArrayNode list = document.putArray("unrest");
    for (Unrest unrest : unrests) {
      ReportJson.cell(list, unrest.cell)
          .put("measured", unrest.what)
          .put("slowestToFastestRound", ReportJson.number(unrest.ratio));
    }
  }

  /** One line if there was any. */
  public static void print(List<Unrest> unrests, PrintWriter out) {
    if (!unrests.isEmpty()) {
      Unrest worst = unrests.stream().max(Comparator.comparingDouble(Unrest::ratio)).orElseThrow();
      out.println(
          String.format(
              Locale.ROOT,
              "The machine was busy: rounds of %d figures differ by more than %.1f times, %s %s %s"
                  + " threads %d by %.1f.",
              unrests.size(),
              MUCH,
              worst.what,
              worst.cell.shape(),
              worst.cell.operation(),
              worst.cell.threads(),
              worst.ratio));
    }
  }
}
