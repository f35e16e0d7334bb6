package io.surprisal.bench.compare;

import static io.surprisal.bench.report.ReportJson.cell;
import static io.surprisal.bench.report.ReportJson.number;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.compare.Comparison.BatchAgreement;
import io.surprisal.bench.compare.Comparison.Figure;
import io.surprisal.bench.report.ReportJson;
import io.surprisal.bench.workload.Cell;

/**
 * The same figures as the table's, for programs: {@code machine}, {@code results} (one for each
 * shape, operation, number of threads and kernel), {@code roofline}, {@code agreement} (by batch),
 * {@code rounds} (every measurement) and {@code unrest} (figures whose rounds differ).
 */
final class ComparisonJson {
  private final Comparison comparison;

  private ComparisonJson(Comparison comparison) {
    this.comparison = comparison;
  }

  static ObjectNode of(Comparison comparison) {
    return new ComparisonJson(comparison).document();
  }

  private ObjectNode document() {
    ObjectNode document = ReportJson.document(comparison.machine());
    ArrayNode results = document.putArray("results");
    ArrayNode roofline = document.putArray("roofline");
    ArrayNode rounds = document.putArray("rounds");
    for (Cell cell : comparison.plan().cells()) {
      for (String kernel : comparison.kernels()) {
        ObjectNode result = cell(results, cell);
        Figure figure = comparison.figure(cell, kernel);
        addResult(result, figure);
        comparison.roofs(cell).addTo(result, figure.giga());
        addRounds(rounds, cell, kernel);
      }
      comparison.roofs(cell).addTo(roofline, cell);
    }
    ArrayNode agreement = document.putArray("agreement");
    for (BatchAgreement batch : comparison.agreements()) {
      add(agreement.addObject(), batch);
    }
    Unrest.addTo(document, comparison.unrests());
    return document;
  }

  private static void addResult(ObjectNode node, Figure figure) {
    node.put("kernel", figure.kernel())
        .put("gigaElementsPerSecond", number(figure.giga()))
        .put("ratioToScalar", number(figure.ratio()))
        .put("maxUlp", number(figure.maxUlp()));
  }

  private void addRounds(ArrayNode rounds, Cell cell, String kernel) {
    ArrayNode figures = cell(rounds, cell).put("kernel", kernel).putArray("gigaElementsPerSecond");
    for (double nanos : comparison.nanos().get(kernel).get(cell)) {
      figures.add(number(cell.shape().elements() / nanos));
    }
  }

  private static void add(ObjectNode node, BatchAgreement batch) {
    node.put("batch", batch.batch()).put("shape", batch.shape().toString());
    ObjectNode ulps = node.putObject("maxUlp");
    batch.ulps().forEach((operation, value) -> ulps.put(operation.toString(), number(value)));
  }
}
