package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/surprisal} in a folder with spaces, with JDKs that are shell scripts. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/surprisal is a shell script")
class LauncherTest {
  private static final Path SCRIPT = Path.of("bin", "surprisal");

  @TempDir private Path folder;

  private Path script;
  private Path target;

  private record Run(int exitCode, String printed) {}

  @BeforeEach
  void copyTool() throws IOException {
    script = folder.resolve("a clone/bench/bin/surprisal");
    target = Files.createDirectories(folder.resolve("a clone/bench/target"));
    Files.createDirectories(script.getParent());
    Files.copy(SCRIPT, script, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void build() throws IOException {
    Files.writeString(target.resolve("benchmarks.jar"), "");
  }

  /** A JDK of a release, whose java prints its arguments, one a line. */
  private Path jdk(int release) throws IOException {
    Path home = folder.resolve("jdk " + release);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then echo 'openjdk version "%d.0.1"' >&2; exit; fi
        echo "release %d"; for i in "$@"; do echo "$i"; done
        """
            .formatted(release, release));
    assertTrue(java.toFile().setExecutable(true));
    return home;
  }

  private Run run(String javaHome, String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(script.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", javaHome);
    // Tools of the shell, and no java.
    builder.environment().put("PATH", tools().toString());
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), printed);
  }

  private Path tools() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("sh", "dirname", "readlink", "sed", "cat")) {
      Path link = bin.resolve(tool);
      Path found = Path.of("/usr/bin", tool);
      if (Files.notExists(link)) {
        Files.createSymbolicLink(link, Files.exists(found) ? found : Path.of("/bin", tool));
      }
    }
    return bin;
  }

  @Test
  void argumentsReachAJdk25WithTheirSpaces() throws Exception {
    build();
    Run run = run(jdk(25).toString(), "train", "a text.txt");
    assertEquals(0, run.exitCode, run.printed);
    List<String> lines = run.printed.lines().toList();
    assertEquals("release 25", lines.getFirst());
    assertTrue(lines.contains("-Dsurprisal.bench.target=" + target.toRealPath()), run.printed);
    assertTrue(lines.contains(target.toRealPath().resolve("benchmarks.jar") + ""), run.printed);
    assertEquals(List.of("train", "a text.txt"), lines.subList(lines.size() - 2, lines.size()));
  }

  @Test
  void jdkThatBuiltItGoesBeforeJavaHome() throws Exception {
    build();
    Files.writeString(target.resolve("jdk-home"), jdk(26).toString());
    Run run = run(jdk(25).toString());
    assertTrue(run.printed.startsWith("release 26"), run.printed);
  }

  @Test
  void jdkThatWasRemovedSinceTheBuildIsNotMissed() throws Exception {
    build();
    Files.writeString(target.resolve("jdk-home"), folder.resolve("no jdk").toString());
    Run run = run(jdk(25).toString());
    assertTrue(run.printed.startsWith("release 25"), run.printed);
  }

  @Test
  void wrongJavaHomeIsNamed() throws Exception {
    build();
    for (String home : List.of(jdk(17).toString(), folder.resolve("no jdk").toString())) {
      Run run = run(home);
      assertEquals(1, run.exitCode, run.printed);
      assertEquals(
          "surprisal: needs a JDK 25: install one (any vendor), or set JAVA_HOME to it (it is "
              + home
              + ")\n",
          run.printed);
    }
  }

  @Test
  void withoutABuildItSaysHowToBuild() throws Exception {
    Run run = run(jdk(25).toString());
    assertEquals(1, run.exitCode);
    assertEquals("surprisal: not built: run mvn -DskipTests package\n", run.printed);
  }

  @Test
  void linkToItFindsItsPlace() throws Exception {
    build();
    Path home = jdk(25);
    script = Files.createSymbolicLink(folder.resolve("linked tool"), script);
    Run run = run(home.toString(), "--help");
    assertEquals(0, run.exitCode, run.printed);
    assertTrue(run.printed.endsWith("--help\n"), run.printed);
  }
}
