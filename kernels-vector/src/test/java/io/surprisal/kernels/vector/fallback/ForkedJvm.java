package io.surprisal.kernels.vector.fallback;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of a program in a JVM of its own, on the class path of the tests.
 *
 * @param exitCode what it ended with
 * @param text what it printed, its log among it
 */
record ForkedJvm(int exitCode, String text) {
  /** The option without which there is no Vector API. */
  static final String ADD_MODULES = "--add-modules=jdk.incubator.vector";

  /** Lets options be set that are for diagnosis. */
  static final String UNLOCK = "-XX:+UnlockDiagnosticVMOptions";

  /** Runs a program with options of the JVM. */
  static ForkedJvm run(List<String> options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(options);
    // The levels of a log are printed in the language of the user.
    command.add("-Duser.language=en");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    return start(command);
  }

  /** Whether the JVM of this machine knows the option. */
  static boolean knows(String option) throws IOException, InterruptedException {
    return start(List.of(UNLOCK, option, "-version")).exitCode == 0;
  }

  private static ForkedJvm start(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new ForkedJvm(process.waitFor(), text);
  }

  /** The line that begins with a word, without the word. */
  String line(String word) {
    return text.lines()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .findFirst()
        .orElseGet(() -> "no line '" + word + "' in: " + text);
  }

  /** Whether one warning contains all of this. */
  boolean warnsOf(String... parts) {
    return text.lines()
        .filter(line -> line.startsWith("WARNING: "))
        .anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
  }
}
