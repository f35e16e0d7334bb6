package io.surprisal.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.workload.Cell;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;

/** What all reports in JSON have in common. */
public final class ReportJson {
  /** What is measured has no more digits. */
  private static final MathContext DIGITS = new MathContext(5);

  /** To be counted up when a name in a report changes. */
  private static final int FORMAT = 1;

  private ReportJson() {}

  /** Whether a document is a report whose names are those of this version. */
  public static boolean isReport(JsonNode document) {
    return document.path("format").intValue() == FORMAT && document.path("machine").isObject();
  }

  /** Writes a report and the folders above it. */
  public static void write(ObjectNode document, Path file) throws InputException {
    try {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      Output.write(mapper.writeValueAsString(document) + "\n", file);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  /** A new report that says what was measured on. */
  public static ObjectNode document(Machine machine) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    fill(document.putObject("machine"), machine);
    return document;
  }

  private static void fill(ObjectNode node, Machine machine) {
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

  /** A figure with the digits that it has; null, which JSON has instead, if it is not finite. */
  public static BigDecimal number(double value) {
    return Double.isFinite(value) ? BigDecimal.valueOf(value).round(DIGITS) : null;
  }
}
