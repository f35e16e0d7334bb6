package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Repository;
import io.surprisal.bench.report.Output;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.report.ReportJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a command that measures leaves its figures, and the page that is made of them. */
public final class ReportOutput {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = {
        "Where the figures go (default: in bench/target/report). The page index.html, made of all"
            + " figures in that folder, stands beside them."
      })
  private Path json;

  /** On the page whatever the name of their file. */
  private final Map<ReportFile, ObjectNode> own = new EnumMap<>(ReportFile.class);

  /**
   * Sees that the figures can be written, before minutes are spent on measuring them.
   *
   * @throws InputException if they cannot
   */
  public void prepare(ReportFile kind) throws InputException {
    Output.prepare(file(kind));
  }

  private Path file(ReportFile kind) {
    return json != null ? json : folder().resolve(kind.fileName());
  }

  private Path folder() {
    return json == null ? Repository.target().resolve("report") : json.toAbsolutePath().getParent();
  }

  /** Whether there is a folder for a page and further figures, and not a pipe or a link. */
  public boolean hasFolder() {
    return json == null || Output.isFile(json);
  }

  /** Writes figures of a kind that is not the command's own. */
  public void writeBeside(ReportFile kind, ObjectNode document) throws InputException {
    ReportJson.write(document, folder().resolve(kind.fileName()));
  }

  /** Writes the command's own figures, and says where. */
  public void write(ReportFile kind, ObjectNode document, PrintWriter out) throws InputException {
    ReportJson.write(document, file(kind));
    own.put(kind, document);
    out.println("Written: " + file(kind));
  }

  /** Writes the page of all that is there, and says where; if there is a folder for it. */
  public void writePage(PrintWriter out) throws InputException {
    if (!hasFolder()) {
      return;
    }
    Findings findings = Findings.in(folder());
    own.forEach(findings::with);
    Path page = folder().resolve(Page.FILE_NAME);
    Output.write(Page.of(findings), page);
    out.println("Written: " + page);
  }
}
