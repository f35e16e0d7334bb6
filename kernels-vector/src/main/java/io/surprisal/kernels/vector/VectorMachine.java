package io.surprisal.kernels.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.surprisal.spi.Availability;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.FloatVector;

/** What this JVM makes of vector code. */
final class VectorMachine {
  private static final int LEAST_BITS = 128;

  private VectorMachine() {}

  static Availability availability() {
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    if (bits < LEAST_BITS) {
      return Availability.impossible(
          "vectors have " + bits + " bits here, " + LEAST_BITS + " are needed");
    }
    if (!hasFma()) {
      return Availability.impossible(
          "the processor has no fused multiply-add, or -XX:-UseFMA switched it off");
    }
    String vm = System.getProperty("java.vm.info", "");
    if (vm.contains("interpreted mode")) {
      return Availability.slow("the JVM only interprets; start java without -Xint");
    }
    if (vm.contains("emulated-client") || !hasOptimisingCompiler()) {
      return Availability.slow(
          "the JVM has no optimising compiler (C2); start java without -XX:TieredStopAtLevel");
    }
    return Availability.usable(Math.min(bits, 512) + "-bit vectors");
  }

  /** Without it {@code fma} goes through BigDecimal, some thousand times slower. */
  private static boolean hasFma() {
    return !"false".equals(option("UseFMA"));
  }

  private static boolean hasOptimisingCompiler() {
    String level = option("TieredStopAtLevel");
    return level == null || level.equals("4");
  }

  /** A flag of HotSpot's; null on another JVM, in a small image, or where the flag is unknown. */
  private static String option(String name) {
    if (ModuleLayer.boot().findModule("jdk.management").isEmpty()) {
      return null;
    }
    HotSpotDiagnosticMXBean flags =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return flags == null ? null : flags.getVMOption(name).getValue();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
