package io.surprisal.bench.lesson;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.console.ChildJvm;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Tiles;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The same batch on 1 to 8 threads at every vector width: digests of all bits of losses, gradient
 * and mean, each width in a JVM of its own, beside a plain sum that each thread takes a part of.
 *
 * @param rows of the table: a width each, then the plain sum
 */
public record Reproducibility(List<Tiles.Row> rows) {
  static final int THREADS = 8;

  private static final List<Integer> VECTOR_BYTES = List.of(16, 32, 64);

  /** So much of a digest tells two apart. */
  private static final int DIGITS = 7;

  /**
   * Computes the table in three JVMs; widths that the machine has not are left out.
   *
   * @throws InputException if a JVM fails
   */
  public static Reproducibility measure() throws InputException {
    List<Tiles.Row> rows = new ArrayList<>();
    List<String> sums = new ArrayList<>();
    for (int bytes : VECTOR_BYTES) {
      List<String[]> lines = new ArrayList<>();
      new ChildJvm(DigestingJvm.class, "digests")
          .withFlag("-XX:MaxVectorSize=" + bytes)
          .run(
              List.of(Integer.toString(THREADS)),
              DigestingJvm.LINE,
              line -> lines.add(line.split(" ", -1)));
      String width = lines.getFirst()[0] + " bits";
      if (rows.stream().noneMatch(row -> row.name().equals(width))) {
        rows.add(new Tiles.Row(width, lines.stream().map(words -> words[1]).toList()));
      }
      sums = lines.stream().map(words -> words[2]).toList();
    }
    rows.add(new Tiles.Row("plain sum", sums));
    return new Reproducibility(rows);
  }

  /** For the report. */
  public ObjectNode document(Machine machine) {
    ObjectNode document = ReportJson.document(machine);
    ArrayNode list = document.putArray("rows");
    for (Tiles.Row row : rows) {
      ArrayNode words = list.addObject().put("name", row.name()).putArray("results");
      row.words().forEach(words::add);
    }
    return document;
  }

  /** From the report. */
  public static Reproducibility of(JsonNode document) {
    List<Tiles.Row> rows = new ArrayList<>();
    for (JsonNode row : document.get("rows")) {
      List<String> words = new ArrayList<>();
      row.get("results").forEach(word -> words.add(word.textValue()));
      rows.add(new Tiles.Row(row.get("name").textValue(), words));
    }
    return new Reproducibility(rows);
  }

  /** The table as a picture. */
  public Picture picture() {
    List<String> threads = IntStream.rangeClosed(1, THREADS).mapToObj(Integer::toString).toList();
    List<Tiles.Row> shown =
        rows.stream()
            .map(
                row ->
                    new Tiles.Row(
                        row.name(), row.words().stream().map(Reproducibility::shortened).toList()))
            .toList();
    return new Picture(
        "reproducibility",
        "The same bits, whoever computes",
        List.of(),
        List.of(
            new Tiles("Digest of losses, gradient and mean", "threads", threads)
                .panel(
                    shown,
                    "A table of digests, widths of vectors by threads: "
                        + verdict()
                        + " Its last row is a plain sum of floats, of which each thread adds up"
                        + " a part.")),
        sentences());
  }

  private static String shortened(String word) {
    return word.length() > 2 * DIGITS ? word.substring(0, DIGITS) : word;
  }

  /** How many digests there are of what is one computation. */
  private long digests() {
    return widths().flatMap(row -> row.words().stream()).distinct().count();
  }

  private Stream<Tiles.Row> widths() {
    return rows.subList(0, rows.size() - 1).stream();
  }

  private String verdict() {
    long cells = widths().mapToLong(row -> row.words().size()).sum();
    return digests() == 1
        ? "all " + cells + " are the same."
        : "THERE ARE " + digests() + " OF THEM, AND THERE OUGHT TO BE ONE.";
  }

  private List<String> sentences() {
    long sums = rows.getLast().words().stream().distinct().count();
    return List.of(
        "One batch on 1 to "
            + THREADS
            + " threads and at every vector width that this machine has, each width in a JVM of its"
            + " own. Of the digests "
            + verdict()
            + " A plain sum of the same row losses, in float, of which each thread takes a part,"
            + " comes out in "
            + sums
            + " ways (last row): a sum depends on its order, so the library fixes the order.");
  }
}
