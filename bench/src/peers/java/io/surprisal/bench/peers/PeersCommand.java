package io.surprisal.bench.peers;

import io.surprisal.bench.Surprisal;
import io.surprisal.bench.compare.Plan;
import io.surprisal.bench.compare.PlanChoices;
import io.surprisal.bench.compare.Stopwatch;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.page.ReportOutput;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportFile;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code surprisal peers}, in the build of {@code mvn -Ppeers} alone. */
@Command(
    name = "peers",
    description = {
      "Checks that native libraries compute the same losses and gradients, then measures them"
          + " beside ours, in turns, in one JVM.",
      "",
      "Prints, for each shape (ten, from 65536x2 to 1x4194304), operation and number of threads,"
          + " 10^9 logits a second by each library and the ratio of ours to theirs, then the error"
          + " of everyone's losses; writes the same figures as JSON and a page. At the end it"
          + " prints binary cross-entropy beside PyTorch's. Takes some four minutes; close what"
          + " else keeps the machine busy."
    },
    footer = {
      "",
      "Exit code: 0 measured, 1 a library disagrees or none can run, 2 wrong usage.",
      "Example: mvn -Ppeers -Dpeers.options=\"--quick --shapes 4096x1000 --threads 1\""
    })
public final class PeersCommand implements Callable<Integer> {
  private static final Plan.Pace PACE = new Plan.Pace(60, 140);
  private static final Plan.Pace QUICK_PACE = new Plan.Pace(30, 30);

  @Spec private CommandSpec spec;

  @Mixin private PlanChoices choices;

  @Mixin private ReportOutput output;

  /** Runs the tool with this command; an argument may hold several, with spaces between them. */
  public static void main(String[] args) {
    String[] words =
        Arrays.stream(args)
            .flatMap(argument -> Arrays.stream(argument.strip().split("\\s+", -1)))
            .toArray(String[]::new);
    Surprisal.mainWith(new PeersCommand(), words);
  }

  @Override
  public Integer call() throws InputException {
    Plan plan = choices.plan(Shape.REGIMES, Plan.MAIN_OPERATIONS, PACE, QUICK_PACE);
    output.prepare(ReportFile.PEERS);
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    machine.print(out);
    List<Library> libraries = libraries(out);
    if (libraries.size() == 1) {
      out.println("No peer can run here, so there is nothing to compare with.");
      return 1;
    }
    try {
      return run(new PeersRun(plan, libraries), machine, plan, libraries);
    } catch (PeerException e) {
      throw new InputException(e.getMessage(), e);
    }
  }

  private int run(PeersRun run, Machine machine, Plan plan, List<Library> libraries)
      throws PeerException, InputException {
    PrintWriter out = spec.commandLine().getOut();
    List<Agreement> agreements = run.agreements();
    if (!printAgreement(agreements, out)) {
      return 1;
    }
    List<Accuracy> accuracies = Accuracy.of(libraries);
    PeersFigures figures =
        new PeersFigures(machine, plan, libraries, run.measure(), agreements, accuracies);
    out.println();
    PeersTable.print(figures, out);
    if (libraries.stream().anyMatch(PyTorch.class::isInstance)) {
      new BinaryRun(new Stopwatch(plan.pace()), plan.rounds()).print(plan.threads(), out);
    }
    output.write(ReportFile.PEERS, PeersJson.of(figures), out);
    output.writePage(out);
    return 0;
  }

  /** Ours, and the peers that can run; says of each what it is, or why not. */
  private static List<Library> libraries(PrintWriter out) {
    List<Library> found = new ArrayList<>();
    for (Library library :
        List.of(new SurprisalLibrary(), new PyTorch(), new OnnxRuntime(), new OneDnn())) {
      try {
        String description = library.description();
        tryOut(library);
        out.println(library.name() + ": " + description);
        found.add(library);
      } catch (PeerException e) {
        out.println(library.name() + ": left out, it cannot run here: " + e.getMessage());
      }
    }
    return found;
  }

  /** What cannot be had on this machine shows here, not in the middle of the run. */
  private static void tryOut(Library library) throws PeerException {
    try (NativeBatch batch = new NativeBatch(LogitsBatch.gaussian(new Shape(2, 3)));
        Session session = library.open(batch, 1)) {
      session.run(Operation.FORWARD);
      session.run(Operation.FORWARD_AND_GRADIENT);
    } catch (LinkageError | RuntimeException e) {
      throw new PeerException(e);
    }
  }

  /** Says how far the libraries are apart; false if too far. */
  private static boolean printAgreement(List<Agreement> agreements, PrintWriter out) {
    boolean agree = true;
    for (Agreement agreement : agreements) {
      if (!agreement.agrees()) {
        agree = false;
        out.println(
            String.format(
                Locale.ROOT,
                "DISAGREE: %s, %s, threads %d: losses differ by %.2g, gradients by %.2g",
                agreement.library(),
                agreement.shape(),
                agreement.threads(),
                agreement.lossDistance(),
                agreement.gradientDistance()));
      }
    }
    if (agree) {
      out.println(
          String.format(
              Locale.ROOT,
              "agree: all libraries on all shapes with a computation in double, losses within %.2g,"
                  + " gradients within %.2g (relative)",
              agreements.stream().mapToDouble(Agreement::lossDistance).max().orElse(0),
              agreements.stream().mapToDouble(Agreement::gradientDistance).max().orElse(0)));
    }
    return agree;
  }
}
