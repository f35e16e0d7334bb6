package io.surprisal.bench.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation: its fenced blocks, links and headings. */
record Page(Path file, String name, String text) {
  static final Path ROOT = Path.of("..");

  private static final Pattern FENCE =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

  /** README, CONTRIBUTING and every page in docs. */
  static List<Page> all() throws IOException {
    List<Path> files = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.map(ROOT::relativize)
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(files::add);
    }
    List<Page> pages = new ArrayList<>();
    for (Path file : files.stream().sorted().toList()) {
      pages.add(of(file));
    }
    return pages;
  }

  private static Page of(Path file) throws IOException {
    String name = file.toString().replace('\\', '/');
    return new Page(file, name, Files.readString(ROOT.resolve(file)));
  }

  List<Fence> fences() {
    List<Fence> fences = new ArrayList<>();
    Matcher matcher = FENCE.matcher(text);
    int end = 0;
    while (matcher.find()) {
      int line = 1 + Math.toIntExact(text.substring(0, matcher.start(2)).lines().count());
      String before = text.substring(end, matcher.start());
      fences.add(
          new Fence(new Fence.Place(name, line), matcher.group(1), matcher.group(2), before));
      end = matcher.end();
    }
    return fences;
  }

  /** Links that lead to no file or to no heading of one. */
  List<String> brokenLinks() throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher matcher = LINK.matcher(FENCE.matcher(text).replaceAll(""));
    while (matcher.find()) {
      String[] parts = matcher.group(1).split("#", 2);
      Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
      boolean leads = Files.exists(ROOT.resolve(target));
      if (leads && parts.length == 2) {
        leads = of(target).anchors().contains(parts[1]);
      }
      if (!leads) {
        broken.add(name + ": " + matcher.group(1));
      }
    }
    return broken;
  }

  /** The names that a heading has in a link: lower case, hyphens, no punctuation. */
  private List<String> anchors() {
    return HEADING
        .matcher(text)
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
