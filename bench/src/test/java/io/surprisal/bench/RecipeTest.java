package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of a recipe is that of a source which is compiled and tested, line by line. */
class RecipeTest {
  private static final Path ROOT = Path.of("..");

  /** Before a block of code: its source and the region in it. */
  private static final Pattern CODE =
      Pattern.compile("<!-- code: (\\S+) (\\S+) -->\n+```java\n(.*?)```", Pattern.DOTALL);

  private static final Pattern MARK =
      Pattern.compile("^ *// recipe: begin (\\S+)$", Pattern.MULTILINE);

  static Stream<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/recipes"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void codeOfTheRecipeIsThatOfItsSource(Path recipe) throws IOException {
    String text = Files.readString(recipe);
    Matcher code = CODE.matcher(text);
    int found = 0;
    for (; code.find(); found++) {
      assertEquals(region(code.group(1), code.group(2)), code.group(3), "in " + recipe);
    }
    int blocks = text.split("```java\n", -1).length - 1;
    assertTrue(found > 0, recipe + " has no code");
    assertEquals(blocks, found, recipe + " has code that names no source");
  }

  @Test
  void everyMarkedRegionIsInARecipe() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path recipe : recipes().toList()) {
      text.append(Files.readString(recipe));
    }
    try (Stream<Path> files = Files.walk(ROOT.resolve("bench/src"))) {
      for (Path source : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher mark = MARK.matcher(Files.readString(source));
        while (mark.find()) {
          String code = ROOT.relativize(source) + " " + mark.group(1) + " -->";
          assertTrue(text.indexOf(code) >= 0, "no recipe shows " + code);
        }
      }
    }
  }

  /** The lines of a source between two marks, without what they are all indented by. */
  private static String region(String source, String name) throws IOException {
    String text = Files.readString(ROOT.resolve(source));
    Matcher marked =
        Pattern.compile(
                "// recipe: begin " + name + "\n(.*?) *// recipe: end " + name + "\n",
                Pattern.DOTALL)
            .matcher(text);
    assertTrue(marked.find(), source + " has no region " + name);
    return marked.group(1).stripTrailing().stripIndent() + "\n";
  }
}
