package io.surprisal.bench.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A JVM with the Java, class path and flags of this one, in which something is measured alone. */
public final class ChildJvm {
  private final Class<?> program;
  private final String task;
  private final List<String> moreFlags = new ArrayList<>();
  private Process process;
  private Path errors;
  private boolean ended;

  /**
   * A JVM to be run.
   *
   * @param program with a {@code main}
   * @param task for an error: what the JVM does
   */
  public ChildJvm(Class<?> program, String task) {
    this.program = program;
    this.task = task;
  }

  /** The flags of this JVM, without agents: they are for another measurement. */
  public static List<String> ownFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-agent") && !flag.startsWith("-javaagent"))
        .toList();
  }

  /** Adds a flag to those of this JVM. */
  public ChildJvm withFlag(String flag) {
    moreFlags.add(flag);
    return this;
  }

  /**
   * Runs it once, to its end; it ends with this JVM, however that ends.
   *
   * @param arguments of the program
   * @param prefix of the lines that matter: a JVM may print others
   * @param consumer of these lines, without the prefix, each as soon as it is there
   * @throws InputException if it cannot run or fails
   */
  public void run(List<String> arguments, String prefix, Consumer<String> consumer)
      throws InputException {
    Thread end = new Thread(this::end);
    Runtime.getRuntime().addShutdownHook(end);
    try {
      start(arguments);
      follow(prefix, consumer);
    } catch (IOException e) {
      throw new InputException("the JVM that " + task + " cannot run: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("interrupted", e);
    } finally {
      end();
      forget(end);
    }
  }

  /** Apart from the end, so that none begins unnoticed while this JVM ends. */
  private synchronized void start(List<String> arguments) throws IOException {
    if (ended) {
      throw new IOException("this JVM is ending");
    }
    errors = Files.createTempFile("surprisal", ".log");
    process = new ProcessBuilder(command(arguments)).redirectError(errors.toFile()).start();
  }

  private void follow(String prefix, Consumer<String> consumer)
      throws IOException, InterruptedException, InputException {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines
          .lines()
          .filter(line -> line.startsWith(prefix))
          .forEach(line -> consumer.accept(line.substring(prefix.length())));
    }
    if (process.waitFor() != 0) {
      throw new InputException(
          "the JVM that " + task + " failed: " + lastCause(Files.readString(errors)));
    }
  }

  private synchronized void end() {
    ended = true;
    if (process != null) {
      process.destroyForcibly();
    }
    try {
      if (errors != null) {
        Files.deleteIfExists(errors);
      }
    } catch (IOException e) {
      // A file of some lines is left where temporary files are.
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This JVM is ending, and the hook is what ends the other.
    }
  }

  private List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ownFlags());
    command.addAll(moreFlags);
    command.add("--class-path");
    command.add(ManagementFactory.getRuntimeMXBean().getClassPath());
    command.add(program.getName());
    command.addAll(arguments);
    return command;
  }

  private static String lastCause(String log) {
    return log.lines()
        .filter(line -> line.contains("Exception") || line.contains("Error"))
        .reduce((first, last) -> last)
        .orElse("no reason given");
  }
}
