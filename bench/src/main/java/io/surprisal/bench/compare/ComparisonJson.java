package io.surprisal.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.compare.Comparison.BatchAgreement;
import io.surprisal.bench.compare.Comparison.Figure;
import io.surprisal.bench.compare.Plan.Cell;
import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The same figures as the table's, for programs: {@code machine}, {@code results} (one for each
 * shape, operation, number of threads and kernel), {@code roofline}, {@code agreement} (by batch)
 * and {@code rounds} (every measurement).
 */
final class ComparisonJson {
  /** What is measured has no more digits. */
  private static final MathContext DIGITS = new MathContext(5);

  private final Comparison comparison;

  private ComparisonJson(Comparison comparison) {
    this.comparison = comparison;
  }

  /** Writes the file and the folders above it. */
  static void write(Comparison comparison, Path file) throws InputException {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(file.toFile(), new ComparisonJson(comparison).document());
    } catch (IOException e) {
      throw new InputException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    fillMachine(document.putObject("machine"));
    ArrayNode results = document.putArray("results");
    ArrayNode roofline = document.putArray("roofline");
    ArrayNode rounds = document.putArray("rounds");
    for (Cell cell : comparison.plan().cells()) {
      for (String kernel : comparison.kernels()) {
        addResult(cell(results, cell), comparison.figure(cell, kernel));
        addRounds(rounds, cell, kernel);
      }
      cell(roofline, cell)
          .put("traffic", cell.operation().traffic().toString())
          .put("gigaElementsPerSecond", number(comparison.roofline(cell)));
    }
    ArrayNode agreement = document.putArray("agreement");
    for (BatchAgreement batch : comparison.agreements()) {
      add(agreement.addObject(), batch);
    }
    return document;
  }

  private void fillMachine(ObjectNode node) {
    Machine machine = comparison.machine();
    node.put("cpu", machine.cpu())
        .put("cores", machine.cores())
        .put("jdk", machine.jdk())
        .put("os", machine.os())
        .put("maxHeapBytes", machine.maxHeap());
    ArrayNode flags = node.putArray("flags");
    machine.flags().forEach(flags::add);
    ObjectNode kernels = node.putObject("kernels");
    machine.kernels().forEach(kernels::put);
    node.put("commit", machine.commit()).put("date", machine.date());
  }

  private static ObjectNode cell(ArrayNode list, Cell cell) {
    return list.addObject()
        .put("shape", cell.shape().toString())
        .put("operation", cell.operation().toString())
        .put("threads", cell.threads());
  }

  private static void addResult(ObjectNode node, Figure figure) {
    node.put("kernel", figure.kernel())
        .put("gigaElementsPerSecond", number(figure.giga()))
        .put("ratioToScalar", number(figure.ratio()))
        .put("rooflineFraction", number(figure.rooflineFraction()))
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

  private static BigDecimal number(double value) {
    return BigDecimal.valueOf(value).round(DIGITS);
  }
}
