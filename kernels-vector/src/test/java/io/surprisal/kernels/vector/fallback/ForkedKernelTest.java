package io.surprisal.kernels.vector.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernel serves in JVMs of every kind, on the class path: each test starts its own. */
@Tag("fallback")
class ForkedKernelTest {
  private static final String ADD_MODULES = "--add-modules=jdk.incubator.vector";
  private static final String FLAG = "--add-modules jdk.incubator.vector";

  /** What a JVM prints that has the module and no other option. */
  private static Output usual;

  @BeforeAll
  static void runWithTheModule() throws Exception {
    usual = run(ADD_MODULES);
  }

  /** What the program printed, its log among it. */
  private record Output(String text) {
    /** The line that begins with a word, without the word. */
    String line(String word) {
      return text.lines()
          .filter(line -> line.startsWith(word + " "))
          .map(line -> line.substring(word.length() + 1))
          .findFirst()
          .orElseGet(() -> "no line '" + word + "' in: " + text);
    }

    boolean warnsOf(String... parts) {
      return text.lines()
          .filter(line -> line.startsWith("WARNING: "))
          .anyMatch(line -> List.of(parts).stream().allMatch(line::contains));
    }
  }

  private static Output run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    // The levels of a log are printed in the language of the user.
    command.add("-Duser.language=en");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(KernelProbe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return new Output(text);
  }

  private static void assertStarts(String start, String text) {
    assertTrue(text.startsWith(start), () -> "does not start with '" + start + "': " + text);
  }

  @Test
  void withTheModuleTheVectorKernelServes() {
    assertStarts("Kernel[vector: ", usual.line("preferred"));
    assertEquals("[vector, scalar]", usual.line("names"));
    assertFalse(usual.warnsOf("not used"), usual::text);
  }

  @Test
  void withoutTheModuleForcingTheVectorKernelIsRefused() throws Exception {
    Output output = run("-Dsurprisal.kernel=vector");
    assertStarts("-Dsurprisal.kernel=vector: ", output.line("refused"));
    assertTrue(output.line("refused").contains(FLAG), output::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
  void whereItWouldBeSlowTheScalarKernelServesWithAWarning(String option) throws Exception {
    Output output = run(ADD_MODULES, option);
    assertStarts("Kernel[scalar: ", output.line("preferred"));
    assertEquals("[vector, scalar]", output.line("names"));
    String flag = option.split("=", 2)[0];
    assertTrue(output.warnsOf("not used, vector: ", flag), output::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:MaxVectorSize=16"})
  void forcedVectorKernelGivesTheSameBitsInEveryJvm(String option) throws Exception {
    Output output = run(ADD_MODULES, option, "-Dsurprisal.kernel=vector");
    assertStarts("Kernel[vector: ", output.line("preferred"));
    assertEquals(usual.line("results"), output.line("results"));
    assertStarts("mean 0x", output.line("results"));
  }

  @ParameterizedTest
  @CsvSource({
    "-Dsurprisal.vector.enabled=false, -Dsurprisal.vector.enabled=false",
    "-XX:-UseFMA, fused multiply-add"
  })
  void whereItIsImpossibleTheScalarKernelServesWithTheReason(String option, String reason)
      throws Exception {
    Output output = run(ADD_MODULES, option);
    assertStarts("Kernel[scalar: ", output.line("preferred"));
    assertEquals("[scalar]", output.line("names"));
    assertTrue(output.warnsOf("not used, vector: ", reason), output::text);
    Output forced = run(ADD_MODULES, option, "-Dsurprisal.kernel=vector");
    assertTrue(forced.line("refused").contains(reason), forced::text);
  }

  @Test
  void scalarKernelServesWhereItIsForced() throws Exception {
    Output output = run(ADD_MODULES, "-Dsurprisal.kernel=scalar");
    assertStarts("Kernel[scalar: ", output.line("preferred"));
    assertFalse(output.warnsOf("not used"), output::text);
  }

  @Test
  void unknownNameIsRefusedWithWhatWasFound() throws Exception {
    Output output = run(ADD_MODULES, "-Dsurprisal.kernel=foo");
    assertStarts("-Dsurprisal.kernel=foo: ", output.line("refused"));
    assertTrue(output.line("refused").contains("vector: "), output::text);
    assertTrue(output.line("refused").contains("scalar: "), output::text);
  }

  @Test
  void imageWithoutManagementAndLoggingRunsTheVectorKernel() throws Exception {
    Output output = run(ADD_MODULES, "--limit-modules=java.base,jdk.incubator.vector");
    assertStarts("Kernel[vector: ", output.line("preferred"));
    assertStarts("mean 0x", output.line("results"));
  }
}
