package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.report.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * All figures that a folder holds, as they stand in its files.
 *
 * <p>The page compares them with each other, so they must be of one machine: that of the first file
 * in the order of {@link ReportFile}. What is of another machine or another version of the tool is
 * left out and named: a stale file must not spoil a run of minutes.
 */
final class Findings {
  private final Map<ReportFile, JsonNode> documents = new EnumMap<>(ReportFile.class);
  private final Map<ReportFile, String> leftOut = new EnumMap<>(ReportFile.class);

  private Findings() {}

  /** Reads what is there. */
  static Findings in(Path folder) {
    Findings findings = new Findings();
    for (ReportFile kind : ReportFile.values()) {
      Path file = folder.resolve(kind.fileName());
      if (Files.exists(file)) {
        findings.read(kind, file);
      }
    }
    return findings;
  }

  private void read(ReportFile kind, Path file) {
    try {
      JsonNode document = new ObjectMapper().readTree(file.toFile());
      if (ReportJson.isReport(document)) {
        documents.put(kind, document);
      } else {
        leftOut.put(kind, "was not written by this version of the tool");
      }
    } catch (IOException e) {
      leftOut.put(kind, "cannot be read");
    }
  }

  /** The same with figures that may stand in a file of another name. */
  Findings with(ReportFile kind, JsonNode document) {
    documents.put(kind, document);
    leftOut.remove(kind);
    return this;
  }

  /** Whether there is nothing. */
  boolean isEmpty() {
    return documents.isEmpty();
  }

  /** What was measured on. */
  JsonNode machine() {
    return documents.values().iterator().next().get("machine");
  }

  /** The figures of a kind, if they are there and of this machine. */
  Optional<JsonNode> get(ReportFile kind) {
    return Optional.ofNullable(documents.get(kind)).filter(this::isOfThisMachine);
  }

  /** Speeds of a kind, likewise. */
  Optional<Speeds> speeds(ReportFile kind) {
    return get(kind).map(Speeds::new);
  }

  /** Files that are not on the page, and why. */
  Map<ReportFile, String> leftOut() {
    Map<ReportFile, String> all = new EnumMap<>(leftOut);
    documents.forEach(
        (kind, document) -> {
          if (!isOfThisMachine(document)) {
            all.put(kind, "is of another machine, or of other kernels");
          }
        });
    return all;
  }

  private boolean isOfThisMachine(JsonNode document) {
    JsonNode other = document.get("machine");
    return other.path("cpu").equals(machine().path("cpu"))
        && other.path("cores").equals(machine().path("cores"))
        && other.path("kernels").equals(machine().path("kernels"));
  }
}
