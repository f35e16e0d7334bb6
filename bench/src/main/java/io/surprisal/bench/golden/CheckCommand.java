package io.surprisal.bench.golden;

import io.surprisal.Kernel;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code surprisal check FILE…} and {@code surprisal check --bits}. */
@Command(
    name = "check",
    description = {
      "Runs golden files, results computed by PyTorch in float64, on every kernel that can run"
          + " here: outputs and gradients, each within its documented bound.",
      "Where the library's semantics differ from PyTorch's by decision, the documented rule is"
          + " compared instead.",
      "",
      "The last line is 'cases=N failed=M skipped=K': all cases of the files, those that failed on"
          + " any kernel, those whose operation the library does not have.",
      "",
      "With --bits instead of files: computes the digest of every operation's results, to the bit,"
          + " on made inputs, and compares it with the one that the kernel promises on every"
          + " machine. The last line is the digest alone."
    },
    footer = {
      "",
      "Exit code: 0 all passed, 1 some failed or other bits, 2 wrong usage or input.",
      "Example: surprisal check bench/src/test/resources/golden/pytorch-2.13-seed1.json.gz",
      "Example: surprisal check --bits"
    })
public final class CheckCommand implements Callable<Integer> {
  private static final int MISMATCHES_SHOWN = 20;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Golden files, plain or gzipped.")
  private List<Path> files = List.of();

  @Option(names = "--bits", description = "Check the bits instead of files.")
  private boolean bits;

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      description = "The kernel whose bits are checked (default: vector).")
  private String kernel;

  @Override
  public Integer call() throws InputException {
    PrintWriter out = spec.commandLine().getOut();
    checkUsage();
    return (bits ? checkBits(out) : checkFiles(out)) ? 0 : 1;
  }

  private boolean checkBits(PrintWriter out) throws InputException {
    BitCheck check = BitCheck.of(kernel == null ? "vector" : kernel);
    check.print(out);
    return check.passed();
  }

  private void checkUsage() {
    String wrong = null;
    if (bits && !files.isEmpty()) {
      wrong = "--bits takes no FILE";
    } else if (!bits && files.isEmpty()) {
      wrong = "Missing required parameter: 'FILE', or --bits";
    } else if (!bits && kernel != null) {
      wrong = "--kernel is for --bits: files are checked on every kernel";
    }
    if (wrong != null) {
      throw new ParameterException(spec.commandLine(), wrong);
    }
  }

  private boolean checkFiles(PrintWriter out) throws InputException {
    List<Kernel> kernels = Kernel.names().stream().map(Kernel::named).toList();
    for (Kernel kernel : kernels) {
      out.println("kernel " + kernel.name() + ": " + kernel.description());
    }
    GoldenCheck check = new GoldenCheck(kernels);
    int hidden = 0;
    for (Path file : files) {
      hidden += check(file, check, out);
    }
    if (hidden > 0) {
      out.println("... and " + hidden + " more");
    }
    if (check.decided() > 0) {
      out.println(
          check.decided()
              + " cases hold a result that differs from PyTorch's by decision;"
              + " the documented rule was compared there");
    }
    if (check.skipped() > 0) {
      out.println("skipped, not in the library yet: " + check.skippedInWords());
    }
    if (check.cases() == 0) {
      throw new InputException(files.get(0) + ": no cases");
    }
    out.println(
        "cases=" + check.cases() + " failed=" + check.failed() + " skipped=" + check.skipped());
    return check.failed() == 0;
  }

  /** Checks one file and prints its first mismatches; returns how many were not printed. */
  private static int check(Path file, GoldenCheck check, PrintWriter out) throws InputException {
    try (Progress progress = new Progress("check", -1)) {
      GoldenReader.read(
          file,
          problem -> {
            check.run(problem);
            progress.at(problem.number(), problem.op());
          });
    }
    List<Mismatch> mismatches = check.takeMismatches();
    mismatches.stream()
        .limit(MISMATCHES_SHOWN)
        .forEach(mismatch -> out.println(file.getFileName() + " " + mismatch));
    return Math.max(0, mismatches.size() - MISMATCHES_SHOWN);
  }
}
