package io.surprisal.bench.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a page.
 *
 * @param place page and line of its first line of text, for messages: {@code docs/faq.md:12}
 * @param language what stands behind the fence
 * @param text what stands between the fences
 * @param before what stands between it and the block before
 */
record Fence(Place place, String language, String text, String before) {
  private static final Pattern COMMENT =
      Pattern.compile("<!-- (\\w+): (.*?) -->\\s*$", Pattern.DOTALL);

  /** A line of a page. */
  record Place(String page, int line) {
    Place plus(int lines) {
      return new Place(page, line + lines);
    }

    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  /**
   * What the HTML comment right above the block says: {@code <!-- given: int k = 3; -->}.
   *
   * @return empty where there is none of this name
   */
  String comment(String name) {
    Matcher matcher = COMMENT.matcher(before);
    return matcher.find() && matcher.group(1).equals(name) ? matcher.group(2) : "";
  }

  /** Whether the block shows what the block before prints. */
  boolean isOutput() {
    return language.equals("text") && before.contains("prints");
  }
}
