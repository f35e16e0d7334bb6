package io.surprisal.bench.train;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.console.Progress;
import io.surprisal.bench.console.Repository;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code surprisal train [FILE]}. */
@Command(
    name = "train",
    description = {
      "Trains a byte-level language model on a text with the library's own cross-entropy and"
          + " gradient: 256 free logits for each previous byte.",
      "",
      "Prints, for each epoch, the bits that the model spends on a byte, beside the text's exact"
          + " conditional entropy H(next byte | byte), which no such model can beat and which a"
          + " right gradient approaches. The same text and options print the same figures."
    },
    footer = {"", "Example: surprisal train README.md --epochs 20"})
public final class TrainCommand implements Callable<Integer> {
  private static final long SEED = 20260101;
  private static final int LARGEST_BATCH = 2048;
  private static final int SMALLEST_BATCH = 16;
  private static final int STEPS_PER_EPOCH = 128;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Any text of two bytes or more. Default: the sources of this repository.")
  private Path file;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "12",
      description = "Passes over the text (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "Positions in a step (default: so that an epoch has some 128 steps or more).")
  private Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "0.1",
      description = "Adam's, at the start; it falls to 0 (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      description = "The kernel that computes, for example scalar (default: the preferred one).")
  private String kernel;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that compute; the figures are the same (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Override
  public Integer call() throws InputException {
    checkOptions();
    Execution execution = execution();
    byte[] text = text();
    BigramCounts counts = new BigramCounts(text);
    int rows = batch != null ? batch : defaultBatch(counts.pairs());
    PrintWriter out = spec.commandLine().getOut();
    double entropy = counts.conditionalEntropy();
    out.printf(
        Locale.ROOT,
        "Text: %s, %,d bytes. Kernel: %s. Batches of %,d rows of 256 classes.%n",
        file == null ? "the sources of this repository" : file.getFileName(),
        text.length,
        execution.kernel().name(),
        rows);
    out.printf(
        Locale.ROOT, "Exact conditional entropy H(next byte | byte): %.5f bits/byte%n", entropy);
    out.printf(Locale.ROOT, "%n%5s %12s %16s%n", "epoch", "bits/byte", "above entropy");
    double bits = train(text, counts, new BigramModel(rows, execution), rows);
    out.printf(
        Locale.ROOT,
        "%nThe model spends %.5f bits/byte, the entropy times %.5f: %s within 1 %% of it.%n",
        bits,
        bits == entropy ? 1 : bits / entropy,
        bits <= entropy * 1.01 ? "it is" : "it is not");
    return 0;
  }

  private double train(byte[] text, BigramCounts counts, BigramModel model, int rows) {
    Positions positions = new Positions(counts.pairs(), SEED);
    int steps = Math.max(1, counts.pairs() / rows);
    long all = (long) steps * epochs;
    double entropy = counts.conditionalEntropy();
    double bits = Double.NaN;
    PrintWriter out = spec.commandLine().getOut();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      // A bar for each epoch: it is gone before the epoch's line is printed.
      try (Progress progress = new Progress("epoch " + epoch, steps)) {
        for (int step = 0; step < steps; step++) {
          long done = (long) (epoch - 1) * steps + step;
          model.step(text, positions, learningRate * (all - done) / all);
          progress.at(step + 1, "");
        }
      }
      bits = model.bits(counts);
      out.printf(Locale.ROOT, "%5d %12.5f %+16.5f%n", epoch, bits, bits - entropy);
    }
    return bits;
  }

  private static int defaultBatch(int pairs) {
    return Math.clamp(pairs / STEPS_PER_EPOCH, Math.min(SMALLEST_BATCH, pairs), LARGEST_BATCH);
  }

  private void checkOptions() throws InputException {
    require(epochs >= 1, "--epochs = " + epochs + " is less than 1");
    require(threads >= 1 && threads <= 4096, "--threads = " + threads + " is outside [1, 4096]");
    require(
        batch == null || (batch >= 1 && batch <= Integer.MAX_VALUE / BigramCounts.BYTES),
        "--batch = " + batch + " is outside [1, " + Integer.MAX_VALUE / BigramCounts.BYTES + "]");
    require(
        learningRate > 0 && Double.isFinite(learningRate),
        "--learning-rate = " + learningRate + " is not positive and finite");
  }

  private static void require(boolean condition, String otherwise) throws InputException {
    if (!condition) {
      throw new InputException(otherwise);
    }
  }

  private byte[] text() throws InputException {
    byte[] text =
        file == null
            ? Repository.text()
                .orElseThrow(() -> new InputException("not in its repository: name a text FILE"))
            : read(file);
    require(text.length >= 2, file + ": a text of less than two bytes has nothing to predict");
    return text;
  }

  private static byte[] read(Path file) throws InputException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new InputException(file + ": does not fit into memory", e);
    }
  }

  private Execution execution() throws InputException {
    Execution execution =
        threads == 1 ? Execution.sequential() : Execution.on(new ForkJoinPool(threads));
    if (kernel == null) {
      return execution;
    }
    try {
      return execution.with(Kernel.named(kernel));
    } catch (IllegalArgumentException e) {
      throw new InputException("--kernel: " + e.getMessage(), e);
    }
  }
}
