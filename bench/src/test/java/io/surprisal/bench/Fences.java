package io.surprisal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The code in a text: what stands between fences. */
final class Fences {
  private Fences() {}

  /** The fenced blocks of a language, from top to bottom. */
  static List<String> of(Path text, String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(text))
        .results()
        .map(block -> block.group(1))
        .toList();
  }
}
