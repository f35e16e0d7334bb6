package io.surprisal.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.report.ReportJson;
import io.surprisal.bench.workload.Cell;
import java.util.Locale;

/**
 * What the machine allows for a figure, measured in the same run: 10⁹ elements a second that memory
 * delivers, and that the arithmetic units let through.
 *
 * @param memory by the operation's traffic: read, or read and write
 * @param ports at {@link PortLimit#OPERATIONS} operations a vector; infinite where the Vector API,
 *     which it is measured by, is absent
 */
public record Roofs(double memory, double ports) {
  /** What binds: the lower one. */
  public double lower() {
    return Math.min(memory, ports);
  }

  /** The lower one's name. */
  public String binding() {
    return memory <= ports ? "memory" : "ports";
  }

  /** Columns of a table: memory, ports, what share of the lower one a figure reaches, its name. */
  public String columns(double giga) {
    String limit = Double.isInfinite(ports) ? "-" : String.format(Locale.ROOT, "%.2f", ports);
    double share = 100 * giga / lower();
    return String.format(Locale.ROOT, "%6.2f %6s %3.0f %% %-6s", memory, limit, share, binding());
  }

  /** The heads of these columns, in two lines. */
  public static String heads(int line) {
    return line == 0
        ? String.format(Locale.ROOT, "%6s %6s %5s %-6s", "memory", "ports", "of", "which")
        : String.format(Locale.ROOT, "%6s %6s %5s %-6s", "Gel/s", "Gel/s", "lower", "binds");
  }

  /** Adds the fractions that a figure reaches, and which roof binds. */
  public void addTo(ObjectNode node, double giga) {
    node.put("rooflineFraction", ReportJson.number(giga / memory))
        .put("portFraction", ReportJson.number(giga / ports))
        .put("binds", binding());
  }

  /** Adds an entry of its own. */
  public void addTo(ArrayNode list, Cell cell) {
    ReportJson.cell(list, cell)
        .put("traffic", cell.operation().traffic().toString())
        .put("gigaElementsPerSecond", ReportJson.number(memory))
        .put("portLimit", ReportJson.number(ports));
  }
}
