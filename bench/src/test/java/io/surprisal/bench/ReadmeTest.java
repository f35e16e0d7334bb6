package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's code compiles, and its program prints what the README says. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  @Test
  void programPrintsWhatIsShown() throws IOException, InterruptedException {
    Path source =
        Files.writeString(folder.resolve("Example.java"), Fences.of(README, "java").get(0));
    String printed =
        run("java", "--add-modules=jdk.incubator.vector", "-cp", CLASS_PATH, source.toString());
    String shown = Fences.of(README, "text").get(0).strip();
    assertTrue(printed.contains(shown), "the README shows " + shown + ", printed is " + printed);
  }

  @Test
  void snippetWithOptionsCompiles() throws IOException, InterruptedException {
    // With what the snippet takes for granted around it.
    String source =
        """
        import io.surprisal.*;

        class Options {
          static Totals run(Matrix logits, Labels labels, float[] weights, float[] sampleWeights,
              float[] rowLosses) {
            %s
            return totals;
          }
        }
        """
            .formatted(Fences.of(README, "java").get(1));
    Path file = Files.writeString(folder.resolve("Options.java"), source);
    run("javac", "-cp", CLASS_PATH, "-d", folder.toString(), file.toString());
  }

  @Test
  void snippetWithMicroBatchesCompiles() throws IOException, InterruptedException {
    String source =
        """
        import io.surprisal.*;

        class MicroBatches {
          static Totals run(Matrix logits, int[] labels, Matrix gradient) {
            %s
            return step;
          }
        }
        """
            .formatted(Fences.of(README, "java").get(2));
    Path file = Files.writeString(folder.resolve("MicroBatches.java"), source);
    run("javac", "-cp", CLASS_PATH, "-d", folder.toString(), file.toString());
  }

  /** Runs a tool of this JDK to success and returns what it printed. */
  private static String run(String tool, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
