package io.surprisal.bench.report;

import io.surprisal.Kernel;
import io.surprisal.bench.console.ChildJvm;
import io.surprisal.bench.console.Repository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What was measured on.
 *
 * @param cpu its name
 * @param cores processors that the JVM may use
 * @param jdk vendor and version
 * @param os name, version and architecture
 * @param maxHeap bytes
 * @param flags of the JVM that matter to speed
 * @param kernels by name, what each says of itself: the vector width is there
 * @param commit of the repository, or "unknown"
 * @param date of the measurement, UTC
 */
public record Machine(
    String cpu,
    int cores,
    String jdk,
    String os,
    long maxHeap,
    List<String> flags,
    Map<String, String> kernels,
    String commit,
    String date) {

  private static final String UNKNOWN = "unknown";

  /** This machine, this JVM, now. */
  public static Machine here() {
    Map<String, String> kernels = new TreeMap<>();
    for (String name : Kernel.names()) {
      kernels.put(name, Kernel.named(name).description());
    }
    return new Machine(
        cpuName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        Runtime.getRuntime().maxMemory(),
        ChildJvm.ownFlags().stream().filter(Machine::mattersToSpeed).toList(),
        kernels,
        Repository.commit().orElse(UNKNOWN),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Properties are left out: they hold paths. */
  private static boolean mattersToSpeed(String flag) {
    return flag.startsWith("-X") || flag.startsWith("--add-modules");
  }

  /** Each system has a place of its own for it, and no Java API reads any. */
  private static String cpuName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.contains("mac")) {
      return firstLine("sysctl", "-n", "machdep.cpu.brand_string");
    }
    if (os.contains("windows")) {
      String name = System.getenv("PROCESSOR_IDENTIFIER");
      return name == null ? UNKNOWN : name;
    }
    return linuxCpuName();
  }

  private static String linuxCpuName() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String firstLine(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output.lines().findFirst().map(String::strip).orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** For a person, before the figures. */
  public void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s, %d core%s, heap up to %.1f GiB%n%s; %s%n",
        cpu,
        cores,
        cores == 1 ? "" : "s",
        maxHeap / 0x1p30,
        jdk,
        os);
    kernels.forEach((name, description) -> out.println(name + ": " + description));
  }
}
