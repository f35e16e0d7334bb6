package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.surprisal.Kernel;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** That this JVM runs what it was started to test: the vector kernel, at the width asked for. */
class VectorWidthTest {
  private static final String ASKED = "surprisal.test.maxVectorBits";

  @Test
  void vectorKernelServesAtFullSpeed() {
    Kernel preferred = Kernel.preferred();
    assertEquals("vector", preferred.name(), preferred.description());
    assertTrue(preferred.isFast(), preferred.description());
  }

  @Test
  void widthIsTheOneAskedForOrAllThatTheMachineHas() {
    Integer asked = Integer.getInteger(ASKED);
    assertNotNull(asked, () -> "start the JVM with -D" + ASKED + " and -XX:MaxVectorSize");
    int expected = Math.min(asked, machineBits());
    assertEquals(expected, Lanes.FLOATS.vectorBitSize());
    assertTrue(Kernel.preferred().description().contains(expected + "-bit"));
    if (expected < asked) {
      System.out.println(
          "NOT RUN: " + asked + "-bit vectors. This machine has " + expected + " bits: ran those.");
    }
  }

  /** What HotSpot uses of the machine where nothing limits it, whatever MaxVectorSize says now. */
  private static int machineBits() {
    String avx = option("UseAVX");
    if (avx != null) {
      int level = Integer.parseInt(avx);
      return level >= 3 ? 512 : level > 0 ? 256 : 128;
    }
    String sve = option("UseSVE");
    boolean scalable = sve != null && !sve.equals("0");
    return scalable ? 8 * Integer.parseInt(option("MaxVectorSize")) : 128;
  }

  /** A flag of the JVM; null where it has none of that name. */
  private static String option(String name) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(name)
          .getValue();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
