package io.surprisal.bench.peers;

import static io.surprisal.bench.report.ReportJson.cell;
import static io.surprisal.bench.report.ReportJson.number;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.accuracy.UlpError;
import io.surprisal.bench.compare.Unrest;
import io.surprisal.bench.report.ReportJson;
import io.surprisal.bench.workload.Cell;

/**
 * The same figures as the table's, for programs: {@code machine}, {@code results} (one for each
 * shape, operation, number of threads and library, ours with ratio 1), {@code rounds} (every
 * measurement), {@code roofline}, {@code unrest} (figures whose rounds differ), {@code agreement}
 * and {@code accuracy} (errors of the losses in ulp).
 */
final class PeersJson {
  private final PeersFigures figures;

  private PeersJson(PeersFigures figures) {
    this.figures = figures;
  }

  static ObjectNode of(PeersFigures figures) {
    return new PeersJson(figures).document();
  }

  private ObjectNode document() {
    ObjectNode document = ReportJson.document(figures.machine());
    ArrayNode results = document.putArray("results");
    ArrayNode rounds = document.putArray("rounds");
    for (Cell cell : figures.plan().cells()) {
      for (Library library : figures.libraries()) {
        ObjectNode result = cell(results, cell);
        addResult(result, library, cell);
        figures.roofs(cell).addTo(result, figures.giga(library, cell));
        addRounds(cell(rounds, cell), library, cell);
      }
    }
    ArrayNode roofline = document.putArray("roofline");
    for (Cell cell : figures.plan().cells()) {
      figures.roofs(cell).addTo(roofline, cell);
    }
    Unrest.addTo(document, figures.unrests());
    ArrayNode agreements = document.putArray("agreement");
    figures.agreements().forEach(agreement -> add(agreements.addObject(), agreement));
    ArrayNode accuracies = document.putArray("accuracy");
    figures.accuracies().forEach(accuracy -> add(accuracies, accuracy));
    return document;
  }

  private void addResult(ObjectNode node, Library library, Cell cell) {
    node.put("library", library.name())
        .put("bound", library.isBound(cell.operation()))
        .put("gigaElementsPerSecond", number(figures.giga(library, cell)))
        .put("ratioToLibrary", number(figures.ratio(library, cell)));
  }

  private void addRounds(ObjectNode node, Library library, Cell cell) {
    ArrayNode list = node.put("library", library.name()).putArray("gigaElementsPerSecond");
    for (double nanos : figures.rounds(library, cell)) {
      list.add(number(cell.shape().elements() / nanos));
    }
  }

  private static void add(ObjectNode node, Agreement agreement) {
    node.put("shape", agreement.shape().toString())
        .put("threads", agreement.threads())
        .put("library", agreement.library())
        .put("lossDistance", number(agreement.lossDistance()))
        .put("gradientDistance", number(agreement.gradientDistance()));
    add(node, agreement.lossError());
  }

  private static void add(ArrayNode list, Accuracy accuracy) {
    accuracy
        .errors()
        .forEach(
            (library, error) ->
                add(
                    list.addObject().put("batch", accuracy.batch()).put("library", library),
                    error));
  }

  private static void add(ObjectNode node, UlpError error) {
    node.put("maxUlp", number(error.largest())).put("rmsUlp", number(error.rootMeanSquare()));
  }
}
