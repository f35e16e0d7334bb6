package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of each recipe is the code that {@code mvn -Pneighbours} runs. */
class RecipesTest {
  private static final Path RECIPES = Path.of("..", "docs", "recipes");
  private static final Path SOURCES = Path.of("src", "neighbours", "java");

  /** A link to a source in which the recipe's code stands. */
  private static final Pattern LINK =
      Pattern.compile("\\(\\.\\./\\.\\./(bench/src/neighbours/java/[^)]*\\.java)\\)");

  private static final Pattern REGION =
      Pattern.compile(" *// recipe\n(.*?)\n *// end of recipe\n", Pattern.DOTALL);

  static List<Path> recipes() throws IOException {
    return files(RECIPES, ".md");
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static List<Path> sources(Path recipe) throws IOException {
    return LINK.matcher(Files.readString(recipe))
        .results()
        .map(link -> Path.of("..").resolve(link.group(1)))
        .toList();
  }

  private static Stream<String> regions(Path source) {
    try {
      return REGION
          .matcher(Files.readString(source))
          .results()
          .map((MatchResult region) -> region.group(1).stripIndent() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void codeOfTheRecipeIsTheCodeThatIsTested(Path recipe) throws IOException {
    List<String> tested = sources(recipe).stream().flatMap(RecipesTest::regions).toList();
    assertFalse(tested.isEmpty(), recipe + " links to no tested code");
    assertEquals(tested, Fences.of(recipe, "java"), recipe::toString);
  }

  @Test
  void everyTestedRegionIsInARecipe() throws IOException {
    String all = "";
    for (Path recipe : recipes()) {
      all += Files.readString(recipe);
    }
    for (Path source : files(SOURCES, ".java")) {
      boolean linked = all.contains("/" + source.getFileName() + ")");
      assertTrue(linked || regions(source).findAny().isEmpty(), source::toString);
    }
  }
}
