package io.surprisal.bench.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every class of the API shows how it is used, in code that compiles and runs. */
class JavadocTest {
  /** Those that the example of another class shows. */
  private static final Set<String> SHOWN_ELSEWHERE = Set.of("ShardSummary.java");

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> examplesCompileAndRun() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (SourceFile source : SourceFile.all()) {
      for (Fence example : source.examples()) {
        tests.add(dynamicTest(example.place().toString(), () -> check(example)));
      }
    }
    return tests;
  }

  private void check(Fence example) throws IOException, ReflectiveOperationException {
    Path compiled = Files.createTempDirectory(folder, "example");
    Snippet snippet = new Snippet(example);
    assertEquals("", snippet.compile(compiled));
    snippet.run(compiled);
  }

  @Test
  void everyClassHasAnExample() throws IOException {
    List<String> without =
        SourceFile.all().stream()
            .filter(source -> source.isConcrete() && source.examples().isEmpty())
            .map(SourceFile::name)
            .filter(name -> !SHOWN_ELSEWHERE.contains(name))
            .toList();
    assertEquals(List.of(), without);
  }
}
