package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.bench.draw.Markup;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.report.ReportFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured on what, and when. */
final class MachineTable {
  private static final int COMMIT_DIGITS = 12;

  private MachineTable() {}

  static Markup of(Findings findings) {
    JsonNode machine = findings.machine();
    Markup list = Markup.of("dl");
    int cores = machine.path("cores").intValue();
    add(list, "processor", machine.path("cpu").textValue() + ", " + cores + " cores");
    machine
        .path("kernels")
        .properties()
        .forEach(kernel -> add(list, kernel.getKey() + " kernel", kernel.getValue().textValue()));
    add(list, "JDK", machine.path("jdk").textValue());
    add(list, "system", machine.path("os").textValue());
    add(
        list,
        "heap",
        "up to " + Numbers.fixed(machine.path("maxHeapBytes").doubleValue() / 0x1p30, 1) + " GiB");
    List<String> flags = new ArrayList<>();
    machine.path("flags").forEach(flag -> flags.add(flag.textValue()));
    add(list, "flags", flags.isEmpty() ? "none" : String.join(" ", flags));
    for (ReportFile kind : ReportFile.values()) {
      findings.get(kind).ifPresent(document -> add(list, kind, document.path("machine")));
    }
    return list;
  }

  private static void add(Markup list, ReportFile kind, JsonNode machine) {
    String commit = machine.path("commit").textValue();
    add(
        list,
        kind.name().toLowerCase(Locale.ROOT),
        machine.path("date").textValue()
            + ", commit "
            + commit.substring(0, Math.min(COMMIT_DIGITS, commit.length()))
            + ", "
            + kind.fileName());
  }

  private static void add(Markup list, String name, String value) {
    list.add(Markup.of("dt").text(name), Markup.of("dd").text(value));
  }
}
