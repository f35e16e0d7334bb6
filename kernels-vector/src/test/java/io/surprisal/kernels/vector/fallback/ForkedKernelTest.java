package io.surprisal.kernels.vector.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernel serves in JVMs of every kind, on the class path: each test starts its own. */
@Tag("fallback")
class ForkedKernelTest {
  private static final String ADD_MODULES = ForkedJvm.ADD_MODULES;
  private static final String FLAG = "--add-modules jdk.incubator.vector";

  /** What a JVM prints that has the module and no other option. */
  private static ForkedJvm usual;

  @BeforeAll
  static void runWithTheModule() throws Exception {
    usual = run(ADD_MODULES);
  }

  private static ForkedJvm run(String... options) throws IOException, InterruptedException {
    ForkedJvm run = ForkedJvm.run(List.of(options), KernelProbe.class);
    assertEquals(0, run.exitCode(), run::text);
    return run;
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
    ForkedJvm output = run("-Dsurprisal.kernel=vector");
    assertStarts("-Dsurprisal.kernel=vector: ", output.line("refused"));
    assertTrue(output.line("refused").contains(FLAG), output::text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
  void whereItWouldBeSlowTheScalarKernelServesWithAWarning(String option) throws Exception {
    ForkedJvm output = run(ADD_MODULES, option);
    assertStarts("Kernel[scalar: ", output.line("preferred"));
    assertEquals("[vector, scalar]", output.line("names"));
    String flag = option.split("=", 2)[0];
    assertTrue(output.warnsOf("not used, vector: ", flag), output::text);
  }

  @Test
  void whereItIsImpossibleTheScalarKernelServesWithAWarning() throws Exception {
    ForkedJvm output = scalarServesInstead("-XX:-UseFMA", "fused multiply-add");
    assertTrue(output.warnsOf("not used, vector: ", "fused multiply-add"), output::text);
  }

  @Test
  void whereItIsSwitchedOffTheScalarKernelServesWithoutAWarning() throws Exception {
    String off = "-Dsurprisal.vector.enabled=false";
    ForkedJvm output = scalarServesInstead(off, off);
    assertFalse(output.warnsOf("not used"), output::text);
    assertTrue(output.text().contains("INFO: not used, vector: switched off by " + off));
  }

  private static ForkedJvm scalarServesInstead(String option, String reason) throws Exception {
    ForkedJvm output = run(ADD_MODULES, option);
    assertStarts("Kernel[scalar: ", output.line("preferred"));
    assertEquals("[scalar]", output.line("names"));
    ForkedJvm forced = run(ADD_MODULES, option, "-Dsurprisal.kernel=vector");
    assertTrue(forced.line("refused").contains(reason), forced::text);
    return output;
  }

  @Test
  void scalarKernelServesWhereItIsForced() throws Exception {
    ForkedJvm output = run(ADD_MODULES, "-Dsurprisal.kernel=scalar");
    assertStarts("Kernel[scalar: ", output.line("preferred"));
    assertFalse(output.warnsOf("not used"), output::text);
  }

  @Test
  void unknownNameIsRefusedWithWhatWasFound() throws Exception {
    ForkedJvm output = run(ADD_MODULES, "-Dsurprisal.kernel=foo");
    assertStarts("-Dsurprisal.kernel=foo: ", output.line("refused"));
    assertTrue(output.line("refused").contains("vector: "), output::text);
    assertTrue(output.line("refused").contains("scalar: "), output::text);
  }

  @Test
  void imageWithoutManagementAndLoggingRunsTheVectorKernel() throws Exception {
    ForkedJvm output = run(ADD_MODULES, "--limit-modules=java.base,jdk.incubator.vector");
    assertStarts("Kernel[vector: ", output.line("preferred"));
    assertStarts("mean 0x", output.line("results"));
  }
}
