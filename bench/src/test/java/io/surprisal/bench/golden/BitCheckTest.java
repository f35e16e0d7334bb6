package io.surprisal.bench.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Kernel;
import io.surprisal.bench.Tool;
import io.surprisal.diagnosis.BitDigest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BitCheckTest {
  private static final String DIGEST = "[0-9a-f]{64}";

  @Test
  void lastLineIsThePinnedDigestAlone() {
    Tool run = Tool.run("check", "--bits");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    String pinned = BitDigest.WHOLE.pinned(Kernel.named("vector")).orElseThrow();
    assertTrue(pinned.matches(DIGEST), pinned);
    assertEquals(pinned, run.lines().getLast());
  }

  @Test
  void kernelWidthAndJvmAreNamedBeforeIt() {
    Tool run = Tool.run("check", "--bits");
    assertTrue(run.lines().get(0).matches("kernel vector: .*-bit vectors"), run.out());
    assertTrue(run.lines().get(1).contains(Runtime.version().toString()), run.out());
  }

  @Test
  void otherBitsThanThePromisedFail() {
    BitCheck check = new BitCheck(Kernel.named("vector"), "a0", Optional.of("b1"));
    StringWriter text = new StringWriter();
    check.print(new PrintWriter(text));
    assertFalse(check.passed());
    assertTrue(text.toString().contains("THE BITS DIFFER"), text::toString);
    assertTrue(text.toString().contains("b1"), text::toString);
    assertEquals("a0", text.toString().lines().toList().getLast());
  }

  @Test
  void scalarKernelIsSaidToPromiseNoBits() {
    Tool run = Tool.run("check", "--bits", "--kernel", "scalar");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().contains("the kernel promises no bits"), run.out());
    assertTrue(run.lines().getLast().matches(DIGEST), run.out());
  }
}
