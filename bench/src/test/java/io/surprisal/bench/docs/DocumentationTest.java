package io.surprisal.bench.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The documentation says what is so: its code compiles, runs and prints what is shown. */
class DocumentationTest {
  private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> codeCompilesRunsAndPrintsWhatIsShown() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Page page : Page.all()) {
      List<Fence> fences = page.fences();
      for (int i = 0; i < fences.size(); i++) {
        Fence fence = fences.get(i);
        Fence next = i + 1 < fences.size() ? fences.get(i + 1) : null;
        if (fence.language().equals("java")) {
          tests.add(dynamicTest(fence.place().toString(), () -> check(fence, next)));
        }
      }
    }
    assertTrue(tests.size() > 10, "blocks found: " + tests.size());
    return tests;
  }

  private void check(Fence fence, Fence next) throws IOException, ReflectiveOperationException {
    String file = fence.comment("file");
    if (!file.isEmpty()) {
      String text = Files.readString(Page.ROOT.resolve(file));
      assertTrue(text.contains(fence.text()), fence.place() + " is not what " + file + " says");
    }
    // One folder a page: a block may use the types of those before it.
    Path compiled = Files.createDirectories(folder.resolve(fence.place().page()));
    Snippet snippet = new Snippet(fence);
    assertEquals("", snippet.compile(compiled));
    if (snippet.isProgram()) {
      String printed = snippet.run(compiled);
      if (next != null && next.isOutput()) {
        assertEquals(next.text().strip(), printed.strip(), "printed by " + fence.place());
      }
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Page page : Page.all()) {
      broken.addAll(page.brokenLinks());
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyPageIsFoundFromTheIndex() throws IOException {
    String index = Files.readString(Page.ROOT.resolve("docs/index.md"));
    for (Page page : Page.all()) {
      Path name = page.file().getFileName();
      boolean inDocs = page.file().startsWith("docs") && !name.toString().equals("index.md");
      assertTrue(!inDocs || index.contains("(" + name + ")"), "docs/index.md misses " + name);
    }
  }

  @Test
  void dependenciesHaveTheVersionOfTheBuild() throws IOException {
    Matcher version = VERSION.matcher(Files.readString(Page.ROOT.resolve("pom.xml")));
    assertTrue(version.find());
    for (Page page : Page.all()) {
      for (Fence fence : page.fences()) {
        VERSION
            .matcher(fence.language().equals("xml") ? fence.text() : "")
            .results()
            .filter(shown -> fence.text().contains("io.surprisal"))
            .forEach(
                shown -> assertEquals(version.group(1), shown.group(1), fence.place()::toString));
      }
    }
  }
}
