package io.surprisal.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.Tool;
import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {
  @TempDir private Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  @Test
  void newFileTakesTheOldOnesPlaceAndLeavesNothingBeside() throws Exception {
    Path file = folder.resolve("a folder/with spaces/page.html");
    Output.write("first", file);
    Output.write("second", file);
    assertEquals("second", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void whatCannotBeWrittenIsSaidInOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path under = file.resolve("compare.json");
    InputException e = assertThrows(InputException.class, () -> Output.write("text", under));
    assertTrue(e.getMessage().startsWith(under + ": cannot be written"), e.getMessage());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "making a link needs a privilege")
  void linkIsWrittenThroughAndStaysALink() throws Exception {
    Path file = folder.resolve("file");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Output.prepare(link);
    Output.write("text", link);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("text", Files.readString(file));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "making a link needs a privilege")
  void pageIsNotPutWhereAPipeOrALinkIs() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("figures");
    Path link =
        Files.createSymbolicLink(
            Files.createDirectory(folder.resolve("here")).resolve("figures"), elsewhere);
    Tool run = Tool.run("start", "--forks", "1", "--seconds", "1", "--json", link);
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(List.of(elsewhere), files());
  }

  @Test
  void preparingLeavesNoFileBehind() throws Exception {
    Output.prepare(folder.resolve("new/compare.json"));
    assertEquals(List.of(), files());
    assertThrows(InputException.class, () -> Output.prepare(folder));
  }

  /** The commands take minutes otherwise: at once means that nothing was measured before. */
  @ParameterizedTest
  @ValueSource(strings = {"compare", "start", "steady"})
  void commandThatCannotWriteItsReportSaysSoBeforeItMeasures(String command) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Tool run = Tool.run(command, "--json", file.resolve("figures.json"));
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains("cannot be written"), run.err());
    assertEquals("", run.out());
  }
}
