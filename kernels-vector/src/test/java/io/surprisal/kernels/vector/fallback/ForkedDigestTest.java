package io.surprisal.kernels.vector.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.surprisal.diagnosis.BitDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pinned bits in JVMs that differ in what compiles the kernel and in the instructions it may
 * use. The three widths are those of the other tests' own JVMs.
 */
@Tag("fallback")
class ForkedDigestTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:UseAVX=2",
        "-XX:UseSVE=0",
        "-XX:TieredStopAtLevel=1",
        "-XX:-TieredCompilation",
        "-XX:-UseLibmIntrinsic",
        "-XX:-UseSuperWord",
        "-XX:ObjectAlignmentInBytes=16"
      })
  void bitsArePinned(String option) throws Exception {
    assertPinned(BitDigest.WHOLE, option);
  }

  /** The whole digest would take a minute. */
  @ParameterizedTest
  @ValueSource(strings = "-Xint")
  void bitsOfTheInterpreterArePinned(String option) throws Exception {
    assertPinned(BitDigest.SMALL, option);
  }

  private static void assertPinned(BitDigest digest, String option) throws Exception {
    if (!ForkedJvm.knows(option)) {
      String reason = "NOT RUN: the JVM of this machine has no " + option;
      System.out.println(reason);
      abort(reason);
    }
    ForkedJvm run =
        ForkedJvm.run(
            List.of(ForkedJvm.ADD_MODULES, ForkedJvm.UNLOCK, option, "-Dsurprisal.kernel=vector"),
            DigestProbe.class,
            digest.name());
    assertTrue(run.line("kernel").startsWith("Kernel[vector: "), run::text);
    assertEquals(pinned(digest), run.line("digest"), run::text);
  }

  /** From the resource itself: in this JVM, without the module, there is no such kernel. */
  private static String pinned(BitDigest digest) throws IOException {
    Properties digests = new Properties();
    try (InputStream in =
        BitDigest.class.getResourceAsStream("/META-INF/surprisal/vector-bits.properties")) {
      digests.load(in);
    }
    return digests.getProperty(digest == BitDigest.WHOLE ? "whole" : "small");
  }
}
