package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tool as a process of its own, without a terminal, and ended in the middle. */
class InterruptionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("temporary")));
    command.add(Surprisal.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  @Test
  void endedInTheMiddleItLeavesNeitherAProcessNorHalfAReport() throws Exception {
    Path report = folder.resolve("a report/compare.json");
    Process tool = start("compare", "--shapes", "64x100", "--json", report.toString());
    List<ProcessHandle> measuring = await(tool);
    tool.destroy();
    assertTrue(tool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertNotEquals(0, tool.exitValue());
    for (ProcessHandle process : measuring) {
      process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertEquals(List.of(), files(folder.resolve("a report")));
    assertEquals(List.of(), files(folder.resolve("temporary")));
  }

  private static List<ProcessHandle> await(Process tool) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (tool.children().findAny().isEmpty()) {
      assertTrue(tool.isAlive() && System.nanoTime() < end, "it never began to measure");
      Thread.sleep(20);
    }
    return tool.children().toList();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void logHasNoProgressBar() throws Exception {
    Path text = Files.writeString(folder.resolve("a text"), "abracadabra ".repeat(40_000));
    Process tool = start("train", "--epochs", "2", text.toString());
    assertTrue(tool.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS));
    String log = Files.readString(folder.resolve("log"));
    assertEquals(0, tool.exitValue(), log);
    assertTrue(log.contains("bits/byte"), log);
    assertTrue(log.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 127)), log);
  }
}
