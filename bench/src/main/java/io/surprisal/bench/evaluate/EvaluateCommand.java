package io.surprisal.bench.evaluate;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.npy.NpyArray;
import io.surprisal.bench.npy.NpyWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code surprisal evaluate --logits L.npy --labels Y.npy}. */
@Command(
    name = "evaluate",
    description = {
      "Computes loss, perplexity, bits, top-k accuracy and calibration error of logits and labels"
          + " that NumPy saved.",
      "",
      "Logits [..., classes] are float16, float32 or float64 (which is rounded to float32), or"
          + " bfloat16 with --bf16; labels [...] are integers of any type. C order, either byte"
          + " order. The files are mapped, not loaded: they may be larger than memory. The figures"
          + " are the same on any number of threads.",
    },
    footer = {
      "",
      "Exit code: 0 computed, 2 wrong usage or input.",
      "Example: surprisal evaluate --logits L.npy --labels Y.npy --top-k 1,5,10"
    })
public final class EvaluateCommand implements Callable<Integer> {
  private static final int[] STANDARD_TOPS = {1, 5};
  private static final int MOST_TOP = 10_000;
  private static final int MOST_THREADS = 4096;

  @Spec private CommandSpec spec;

  @Option(names = "--logits", required = true, paramLabel = "FILE", description = "A .npy file.")
  private Path logitsFile;

  @Option(names = "--labels", required = true, paramLabel = "FILE", description = "A .npy file.")
  private Path labelsFile;

  @Option(
      names = "--bf16",
      description = "The logits are bfloat16, saved as uint16 or as two raw bytes each.")
  private boolean bfloat16;

  @Option(
      names = "--ignore-index",
      paramLabel = "N",
      defaultValue = "-100",
      description = "The label of rows that do not count (default: ${DEFAULT-VALUE}).")
  private int ignoreIndex;

  @Option(
      names = "--top-k",
      split = ",",
      paramLabel = "K",
      description = "Accuracies to print (default: 1,5, as far as there are classes).")
  private int[] tops;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; the figures are the same (default: all cores).")
  private Integer threads;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where each row's loss goes, float32 in the shape of the labels, as .npy.")
  private Path out;

  @Override
  public Integer call() throws InputException {
    checkThreads();
    try (Arena arena = Arena.ofShared();
        ForkJoinPool pool = new ForkJoinPool(threads())) {
      LogitsFile logits = new LogitsFile(NpyArray.map(logitsFile, arena), bfloat16);
      LabelsFile labels = new LabelsFile(NpyArray.map(labelsFile, arena), logits);
      checkOut();
      int[] sortedTops = tops(logits.classes());
      int top = sortedTops[sortedTops.length - 1];
      labels.check(logits.classes(), ignoreIndex);
      FileEvaluation evaluation = new FileEvaluation(logits, labels, ignoreIndex, top, pool);
      run(evaluation, labels);
      EvaluationReport report =
          new EvaluationReport(logits, labels, evaluation, sortedTops, pool.getParallelism());
      if (json) {
        spec.commandLine().getOut().println(report.json());
      } else {
        report.print(spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private void run(FileEvaluation evaluation, LabelsFile labels) throws InputException {
    if (out == null) {
      evaluation.run(null);
      return;
    }
    try (NpyWriter rowLosses = NpyWriter.create(out, labels.array().shape())) {
      evaluation.run(rowLosses);
      rowLosses.finish();
    }
  }

  private void checkThreads() throws InputException {
    if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
      throw new InputException("--threads = " + threads + " is outside [1, " + MOST_THREADS + "]");
    }
  }

  private int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** Every k once, ascending. */
  private int[] tops(int classes) throws InputException {
    int most = Math.min(classes, MOST_TOP);
    if (tops == null) {
      return Arrays.stream(STANDARD_TOPS).filter(top -> top <= most).toArray();
    }
    for (int top : tops) {
      if (top < 1 || top > most) {
        throw new InputException("--top-k: " + top + " is outside [1, " + most + "]");
      }
    }
    return IntStream.of(tops).sorted().distinct().toArray();
  }

  /** Results over what they are computed from would destroy it. */
  private void checkOut() throws InputException {
    try {
      for (Path input : new Path[] {logitsFile, labelsFile}) {
        if (out != null && Files.exists(out) && Files.isSameFile(out, input)) {
          throw new InputException("--out: " + out + " is the file of the logits or labels");
        }
      }
    } catch (IOException e) {
      throw new InputException("--out: " + out + ": " + e.getMessage(), e);
    }
  }
}
