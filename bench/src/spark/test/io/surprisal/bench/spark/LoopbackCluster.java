package io.surprisal.bench.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone master and its workers, each a JVM of its own, on the loopback address alone. What
 * was started is ended by {@link #close}, and with this JVM at the latest, however that ends.
 */
final class LoopbackCluster implements AutoCloseable {
  static final String LOOPBACK = "127.0.0.1";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern MASTER = Pattern.compile("spark://127\\.0\\.0\\.1:\\d+");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final Path home;
  private final List<Process> processes = Collections.synchronizedList(new ArrayList<>());
  private final Thread atExit = new Thread(this::end);
  private final String master;

  /** Starts a master and workers of one core and 700 MB each, and waits until they are there. */
  LoopbackCluster(Path home, int workers) throws IOException, InterruptedException {
    this.home = home;
    Runtime.getRuntime().addShutdownHook(atExit);
    // Where Spark looks for its own jars; ours are all on the class path.
    Files.createDirectories(home.resolve("jars"));
    try {
      Path log = start("master", "org.apache.spark.deploy.master.Master");
      master = awaitLine(log, MASTER);
      for (int i = 0; i < workers; i++) {
        Path workerLog =
            start(
                "worker" + i,
                "org.apache.spark.deploy.worker.Worker",
                "--cores",
                "1",
                "--memory",
                "700m",
                "--work-dir",
                home.resolve("work" + i).toString(),
                master);
        awaitLine(workerLog, REGISTERED);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  String master() {
    return master;
  }

  private Path start(String name, String mainClass, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC"));
    command.addAll(SparkSessions.moduleOptions());
    command.addAll(List.of("-cp", SparkSessions.classPath(), Tethered.class.getName()));
    command.addAll(List.of(Long.toString(ProcessHandle.current().pid()), mainClass));
    command.addAll(List.of("--host", LOOPBACK, "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(arguments));
    Path log = home.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_LOCAL_IP", LOOPBACK);
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    processes.add(builder.start());
    return log;
  }

  /** Waits for a line of a log, and returns what of it was looked for. */
  private String awaitLine(Path log, Pattern wanted) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      Matcher found = wanted.matcher(Files.readString(log));
      if (found.find()) {
        return found.group();
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(wanted + " is not in " + log + ":\n" + Files.readString(log));
  }

  /** Kills the worker that a process belongs to, and the process: as if its machine had failed. */
  void killWorkerOf(long pid) {
    for (Process process : List.copyOf(processes)) {
      List<ProcessHandle> executors = process.descendants().toList();
      if (executors.stream().anyMatch(executor -> executor.pid() == pid)) {
        process.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
        return;
      }
    }
    throw new IllegalStateException("no worker has a process " + pid);
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void end() {
    List<ProcessHandle> started = new ArrayList<>();
    for (Process process : processes) {
      process.descendants().forEach(started::add);
      started.add(process.toHandle());
    }
    started.forEach(ProcessHandle::destroyForcibly);
    started.forEach(handle -> handle.onExit().orTimeout(1, TimeUnit.MINUTES).join());
  }

  /** Deletes a folder with everything in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
