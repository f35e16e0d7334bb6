package io.surprisal.bench.page;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Repository;
import io.surprisal.bench.report.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code surprisal report [FOLDER]}. */
@Command(
    name = "report",
    description = {
      "Makes the page index.html again from the figures beside it; measures nothing.",
      "",
      "compare, start, steady and mvn -Ppeers make it too, each time with all figures of the folder"
          + " that are of this machine."
    },
    footer = {
      "",
      "Exit code: 0 made, 2 there are no figures.",
      "Example: surprisal report bench/target/report"
    })
public final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "Where the figures are (default: bench/target/report).")
  private Path folder;

  @Override
  public Integer call() throws InputException {
    Path from = folder != null ? folder : Repository.target().resolve("report");
    Findings findings = Findings.in(from);
    if (findings.isEmpty()) {
      throw new InputException(from + ": no figures; surprisal compare measures some");
    }
    Path page = from.resolve(Page.FILE_NAME);
    Output.write(Page.of(findings), page);
    spec.commandLine().getOut().println("Written: " + page);
    return 0;
  }
}
