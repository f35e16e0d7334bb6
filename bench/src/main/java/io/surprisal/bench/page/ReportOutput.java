package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Repository;
import io.surprisal.bench.report.Output;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.report.ReportJson;
import java.io.PrintWriter;
import java.nio.file.Path;
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

  /** Writes figures of a kind that is not the command's own. */
  public void writeBeside(ReportFile kind, ObjectNode document) throws InputException {
    ReportJson.write(document, folder().resolve(kind.fileName()));
  }

  /** Writes the command's own figures and then the page, and says where they are. */
  public void write(ReportFile kind, ObjectNode document, PrintWriter out) throws InputException {
    ReportJson.write(document, file(kind));
    out.println("Written: " + file(kind));
    Path page = folder().resolve(Page.FILE_NAME);
    Output.write(Page.of(Findings.in(folder()).with(kind, document)), page);
    out.println("Written: " + page);
  }
}
