package io.surprisal.bench;

import io.surprisal.bench.compare.CompareCommand;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.golden.CheckCommand;
import io.surprisal.bench.page.ReportCommand;
import io.surprisal.bench.start.StartCommand;
import io.surprisal.bench.steady.SteadyCommand;
import io.surprisal.bench.train.TrainCommand;
import java.io.PrintWriter;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command-line tool {@code surprisal}. */
@Command(
    name = "surprisal",
    description = "Batched loss kernels for the JVM: measured, checked and put to use.",
    subcommands = {
      CompareCommand.class,
      SteadyCommand.class,
      StartCommand.class,
      ReportCommand.class,
      CheckCommand.class,
      TrainCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Surprisal.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit code: 0 fine, 1 a check failed, 2 wrong usage or input."})
public final class Surprisal implements Runnable {
  /** Which kernel was chosen, the commands say themselves; a warning is shown. Held: it is weak. */
  private static final Logger LOGGER = Logger.getLogger("io.surprisal");

  @Spec private CommandSpec spec;

  private Surprisal() {}

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Surprisal.class.getPackage().getImplementationVersion();
      return new String[] {"surprisal " + (version == null ? "(not from its jar)" : version)};
    }
  }

  /** Runs the tool and ends the process with its exit code. */
  public static void main(String[] args) {
    runAndExit(new CommandLine(new Surprisal()), args);
  }

  /** The same with a command that not every build has. */
  public static void mainWith(Object command, String... args) {
    runAndExit(new CommandLine(new Surprisal()).addSubcommand(command), args);
  }

  private static void runAndExit(CommandLine tool, String... args) {
    LOGGER.setLevel(Level.WARNING);
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    System.exit(run(tool, out, err, args));
  }

  /** Runs the tool and returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(new CommandLine(new Surprisal()), out, err, args);
  }

  private static int run(CommandLine tool, PrintWriter out, PrintWriter err, String... args) {
    return tool.setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((e, arguments) -> usageError(e))
        .setExecutionExceptionHandler((e, command, result) -> executionError(e, command))
        .execute(args);
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  private static int usageError(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    e.getCommandLine()
        .getErr()
        .println("surprisal: " + oneLine(e.getMessage()) + " (see " + command + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  private static int executionError(Exception e, CommandLine command) throws Exception {
    if (e instanceof InputException) {
      command.getErr().println("surprisal: " + oneLine(e.getMessage()));
      return CommandLine.ExitCode.USAGE;
    }
    throw e;
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
