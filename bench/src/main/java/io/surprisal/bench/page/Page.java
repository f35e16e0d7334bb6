package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.bench.draw.Markup;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.StyleSheet;
import io.surprisal.bench.lesson.Lessons;
import io.surprisal.bench.lesson.Reproducibility;
import io.surprisal.bench.report.ReportFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The report as one page of HTML that needs no other file: what was measured on what, pictures with
 * the sentences that say what one sees, and every figure in a table.
 *
 * <p>What was not measured is named with the command that measures it.
 */
final class Page {
  /** Within the folder of the report. */
  static final String FILE_NAME = "index.html";

  private static final int DATE_LENGTH = "2026-01-01".length();
  private static final String TITLE = "Surprisal, measured";

  private final Findings findings;
  private final List<Markup> sections = new ArrayList<>();
  private final Markup navigation = Markup.of("nav");

  private Page(Findings findings) {
    this.findings = findings;
  }

  /** The page of these figures. */
  static String of(Findings findings) {
    return new Page(findings).text();
  }

  private String text() {
    addSpeed();
    addNumbers();
    section("lessons", "Why it is computed so", pictures(Lessons.pictures()));
    section("machine", "What was measured on what", List.of(MachineTable.of(findings)));
    Markup body =
        Markup.of("body")
            .add(
                Markup.of("header")
                    .add(Markup.of("h1").text(TITLE), lead(), Facts.of(findings), navigation))
            .add(Markup.of("main").add(warnings()).add(sections))
            .add(footer());
    Markup html = Markup.of("html").with("lang", "en").add(head(), body);
    return "<!DOCTYPE html>\n" + html + "\n";
  }

  private static Markup head() {
    return Markup.of("head")
        .add(
            Markup.of("meta").with("charset", "utf-8"),
            Markup.of("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1"),
            Markup.of("meta").with("name", "color-scheme").with("content", "light dark"),
            Markup.of("link").with("rel", "icon").with("href", "data:,"),
            Markup.of("title").text(TITLE),
            Markup.of("style").text(StyleSheet.PICTURES.text()).text(StyleSheet.PAGE.text()));
  }

  private Markup lead() {
    JsonNode machine = findings.machine();
    String best = machine.path("kernels").has(Speeds.VECTOR) ? Speeds.VECTOR : Speeds.SCALAR;
    return Markup.of("p", "lead")
        .text(
            "Batched loss kernels for the JVM on "
                + machine.path("cores").intValue()
                + " cores of "
                + machine.path("cpu").textValue()
                + " ("
                + machine.path("kernels").path(best).textValue()
                + "), "
                + machine.path("jdk").textValue()
                + ", on "
                + machine.path("date").textValue().substring(0, DATE_LENGTH)
                + ".");
  }

  private void addSpeed() {
    List<Markup> parts = new ArrayList<>();
    Optional<Speeds> speeds = findings.speeds(ReportFile.COMPARE);
    add(parts, speeds.map(ThroughputPicture::ofKernels), "scalar against SIMD", "mvn -Pcompare");
    speeds
        .filter(Speeds::hasBoth)
        .map(SpeedUpPicture::of)
        .map(Picture::figure)
        .ifPresent(parts::add);
    add(
        parts,
        findings.speeds(ReportFile.SWEEP).map(SweepPicture::of),
        "throughput over the number of classes",
        "bench/bin/surprisal compare --full");
    speeds.map(RooflinePicture::of).map(Picture::figure).ifPresent(parts::add);
    add(
        parts,
        findings.speeds(ReportFile.PEERS).map(ThroughputPicture::ofPeers),
        "PyTorch, ONNX Runtime and oneDNN on the same batches",
        "mvn -Ppeers");
    add(
        parts,
        findings.get(ReportFile.START).map(StartPicture::of),
        "the cold start",
        "bench/bin/surprisal start");
    section("speed", "Speed", parts);
    speeds.ifPresent(
        known -> section("figures", "All figures", List.of(tableWords(), SpeedTable.of(known))));
  }

  private static Markup tableWords() {
    return Markup.of("p")
        .text(
            "Kernels, memory and ports in "
                + Words.GIGA_LOGITS
                + ", median of the rounds; slowest round, bytes, share of the lower roof and"
                + " largest difference from scalar are those of the last kernel.");
  }

  private void addNumbers() {
    List<Markup> parts = new ArrayList<>();
    add(
        parts,
        findings.get(ReportFile.ERRORS).map(ErrorPicture::of),
        "errors against the definition in double",
        "mvn -Pcompare");
    add(
        parts,
        findings.get(ReportFile.DIGESTS).map(Reproducibility::of).map(Reproducibility::picture),
        "digests by threads and vector widths",
        "mvn -Pcompare");
    section("numbers", "Right, and the same everywhere", parts);
  }

  private static void add(
      List<Markup> parts, Optional<Picture> picture, String what, String command) {
    parts.add(picture.map(Picture::figure).orElseGet(() -> missing(what, command)));
  }

  private static Markup missing(String what, String command) {
    return Markup.of("p", "missing")
        .text("Not measured here yet: " + what + ". ")
        .add(Markup.of("code").text(command))
        .text(" does.");
  }

  private static List<Markup> pictures(List<Picture> pictures) {
    return pictures.stream().map(Picture::figure).toList();
  }

  private void section(String id, String title, List<Markup> parts) {
    sections.add(Markup.of("section").with("id", id).add(Markup.of("h2").text(title)).add(parts));
    navigation.add(Markup.of("a").with("href", "#" + id).text(title));
  }

  private List<Markup> warnings() {
    List<Markup> warnings = new ArrayList<>();
    for (ReportFile kind : ReportFile.values()) {
      int unrests = findings.get(kind).map(document -> document.path("unrest").size()).orElse(0);
      if (unrests > 0) {
        warnings.add(
            warning(
                "The machine was busy: in "
                    + kind.fileName()
                    + " the rounds of "
                    + unrests
                    + (unrests == 1 ? " figure" : " figures")
                    + " differ by more than 1.2 times. To be doubted is what stands there under"
                    + " unrest."));
      }
    }
    findings
        .leftOut()
        .forEach(
            (kind, reason) ->
                warnings.add(warning(kind.fileName() + " " + reason + ", and was left out.")));
    return warnings;
  }

  private static Markup warning(String words) {
    return Markup.of("p", "warning").text(words);
  }

  private static Markup footer() {
    Function<String, Markup> code = text -> Markup.of("code").text(text);
    return Markup.of("footer")
        .text("Made from the JSON files beside this page; ")
        .add(code.apply("bench/bin/surprisal report"))
        .text(" makes it again. How to read it: ")
        .add(code.apply("docs/performance.md"))
        .text(" and ")
        .add(code.apply("docs/numerics.md"))
        .text(".");
  }
}
