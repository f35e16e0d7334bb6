package io.surprisal.bench.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A source of the API, for the examples in its documentation. */
record SourceFile(String name, String text) {
  private static final Path API = Page.ROOT.resolve("core/src/main/java/io/surprisal");

  private static final String EXAMPLE = "{@snippet :\n";
  private static final Pattern MARGIN = Pattern.compile("^ *\\* ?", Pattern.MULTILINE);
  private static final Pattern CONCRETE =
      Pattern.compile("^public final class ", Pattern.MULTILINE);

  /** The packages that users import. */
  static List<SourceFile> all() throws IOException {
    List<SourceFile> sources = new ArrayList<>();
    for (Path folder : List.of(API, API.resolve("diagnosis"))) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          sources.add(new SourceFile(file.getFileName().toString(), Files.readString(file)));
        }
      }
    }
    return sources;
  }

  /** Whether it is of a class that users make objects of. */
  boolean isConcrete() {
    return CONCRETE.matcher(text).find();
  }

  List<Fence> examples() {
    List<Fence> examples = new ArrayList<>();
    int found = text.indexOf(EXAMPLE);
    while (found >= 0) {
      int start = found + EXAMPLE.length();
      int end = closing(start);
      Fence.Place place =
          new Fence.Place(name, 1 + Math.toIntExact(text.substring(0, start).lines().count()));
      String code = MARGIN.matcher(text.substring(start, end)).replaceAll("");
      examples.add(new Fence(place, "java", code, ""));
      found = text.indexOf(EXAMPLE, end);
    }
    return examples;
  }

  /** Where the brace is that closes the one before. */
  private int closing(int start) {
    int open = 1;
    int at = start;
    while (open > 0) {
      char c = text.charAt(at++);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
    }
    return at - 1;
  }
}
