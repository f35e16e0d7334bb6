package io.surprisal.bench.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Kernel;
import io.surprisal.bench.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir private Path folder;

  /** Five letters, each followed by some more often than by others. */
  private static byte[] syntheticText(int length) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] text = new byte[length];
    int letter = 0;
    for (int i = 0; i < length; i++) {
      letter = (letter + (int) (5 * random.nextDouble() * random.nextDouble()) + 1) % 5;
      text[i] = (byte) ('a' + letter);
    }
    return text;
  }

  private Path write(byte[] text) throws IOException {
    return Files.write(folder.resolve("text"), text);
  }

  private static double lastBits(Tool run) {
    String row = run.lines().get(run.lines().size() - 3);
    return Double.parseDouble(row.strip().split(" +", -1)[1]);
  }

  @Test
  void modelConvergesToTheConditionalEntropyAndNeverBelowIt() throws IOException {
    byte[] text = syntheticText(20_000);
    double entropy = new BigramCounts(text).conditionalEntropy();
    Path file = write(text);
    for (String kernel : Kernel.names()) {
      Tool run = Tool.run("train", file, "--kernel", kernel);
      assertEquals(0, run.exitCode(), run.err());
      double bits = lastBits(run);
      assertTrue(bits >= entropy - 1e-5, run.out());
      assertTrue(bits <= entropy * 1.01, run.out());
      assertTrue(run.out().endsWith("it is within 1 % of it." + System.lineSeparator()), run.out());
    }
  }

  @Test
  void entropyThatIsPrintedIsThatOfTheText() throws IOException {
    // After a: b, b, c. After b: a, a. After c: a. Of 6 pairs 3 begin with a, at H(1/3) each.
    Path file = write("abacaba".getBytes(StandardCharsets.US_ASCII));
    Tool run = Tool.run("train", file, "--epochs", 1);
    assertTrue(run.lines().get(1).endsWith(": 0.45915 bits/byte"), run.out());
  }

  @Test
  void sameTextAndOptionsPrintTheSameOnAnyNumberOfThreads() throws IOException {
    Path file = write(syntheticText(5_000));
    Tool once = Tool.run("train", file, "--epochs", 2, "--batch", 1000);
    Tool again = Tool.run("train", file, "--epochs", 2, "--batch", 1000);
    Tool threads = Tool.run("train", file, "--epochs", 2, "--batch", 1000, "--threads", 2);
    assertEquals(once.out(), again.out());
    assertEquals(once.out(), threads.out());
  }

  @Test
  void shortestTextIsTwoBytes() throws IOException {
    assertEquals(0, Tool.run("train", write(new byte[] {-1, 0}), "--epochs", 1).exitCode());
    Tool run = Tool.run("train", write(new byte[1]));
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("less than two bytes"), run.err());
  }

  @Test
  void fewEpochsAreSaidNotToBeEnough() throws IOException {
    Path file = write(syntheticText(2_000));
    Tool run = Tool.run("train", file, "--epochs", 1, "--learning-rate", 0.001);
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("it is not within 1 %"), run.out());
  }
}
