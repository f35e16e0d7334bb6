package io.surprisal.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.compare.Plan.Cell;
import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What all reports in JSON have in common. */
public final class ReportJson {
  /** What is measured has no more digits. */
  private static final MathContext DIGITS = new MathContext(5);

  private ReportJson() {}

  /** Writes a report and the folders above it. */
  public static void write(ObjectNode document, Path file) throws InputException {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(file.toFile(), document);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** Says what was measured on. */
  public static void fill(ObjectNode node, Machine machine) {
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

  /** A new entry of a list, for a figure of this cell. */
  public static ObjectNode cell(ArrayNode list, Cell cell) {
    return list.addObject()
        .put("shape", cell.shape().toString())
        .put("operation", cell.operation().toString())
        .put("threads", cell.threads());
  }

  /** Adds the list of figures that a busy machine has spoilt. */
  public static void addUnrest(ObjectNode document, List<Unrest> unrests) {
    ArrayNode list = document.putArray("unrest");
    for (Unrest unrest : unrests) {
      cell(list, unrest.cell())
          .put("measured", unrest.what())
          .put("slowestToFastestRound", number(unrest.ratio()));
    }
  }

  /** A figure with the digits that it has; null, which JSON has instead, if it is not finite. */
  public static BigDecimal number(double value) {
    return Double.isFinite(value) ? BigDecimal.valueOf(value).round(DIGITS) : null;
  }
}
