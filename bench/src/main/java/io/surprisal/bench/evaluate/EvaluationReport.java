package io.surprisal.bench.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.Evaluation;
import io.surprisal.Kernel;
import io.surprisal.Totals;
import io.surprisal.bench.npy.NpyHeader;
import java.io.PrintWriter;
import java.util.Locale;

/** The figures of an evaluation, in words and as JSON. */
final class EvaluationReport {
  private final LogitsFile logits;
  private final LabelsFile labels;
  private final Totals totals;
  private final Evaluation evaluation;
  private final int[] tops;
  private final int threads;

  /**
   * A report.
   *
   * @param logits that were evaluated
   * @param labels of the rows
   * @param done what came of it
   * @param tops every k of a top-k accuracy, ascending
   * @param threads that computed
   */
  EvaluationReport(
      LogitsFile logits, LabelsFile labels, FileEvaluation done, int[] tops, int threads) {
    this.logits = logits;
    this.labels = labels;
    this.totals = done.totals();
    this.evaluation = done.evaluation();
    this.tops = tops;
    this.threads = threads;
  }

  void print(PrintWriter out) {
    out.println("Logits: " + logits.array().file() + ", " + logitsInWords());
    out.println("Labels: " + labels.array().file() + ", " + labels.array());
    out.println(
        "Kernel: "
            + Kernel.preferred().name()
            + ", "
            + threads
            + (threads == 1 ? " thread" : " threads"));
    out.println();
    count(out, "rows", totals.countedRows());
    count(out, "ignored", totals.ignoredRows());
    if (evaluation.undefinedRows() > 0) {
      count(out, "undefined", evaluation.undefinedRows());
    }
    figure(out, "loss", totals.mean(), " nats");
    figure(out, "perplexity", totals.perplexity(), "");
    figure(out, "bits", totals.bits(), "");
    figure(out, "accuracy", evaluation.accuracy(), "");
    for (int top : tops) {
      figure(out, "top " + top, evaluation.topAccuracy(top), "");
    }
    figure(out, "calibration error", evaluation.expectedCalibrationError(), bins());
    if (evaluation.undefinedRows() > 0) {
      out.println();
      out.println("Undefined rows have a logit of NaN or +Infinity, or only -Infinity.");
    }
  }

  private String logitsInWords() {
    return logits.format() + " " + NpyHeader.text(logits.array().shape());
  }

  private String bins() {
    return " in " + evaluation.bins() + " bins";
  }

  private static void count(PrintWriter out, String name, long number) {
    out.printf(Locale.ROOT, "%-18s %,12d%n", name, number);
  }

  private static void figure(PrintWriter out, String name, double value, String unit) {
    out.printf(Locale.ROOT, "%-18s %12.6f%s%n", name, value, unit);
  }

  /** One object; null, which JSON has instead, where a figure is not finite. */
  ObjectNode json() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document
        .put("logits", logits.array().file().toString())
        .put("labels", labels.array().file().toString())
        .put("kernel", Kernel.preferred().name())
        .put("threads", threads)
        .put("classes", logits.classes())
        .put("rows", totals.rows())
        .put("countedRows", totals.countedRows())
        .put("ignoredRows", totals.ignoredRows())
        .put("undefinedRows", evaluation.undefinedRows())
        .put("loss", finite(totals.mean()))
        .put("perplexity", finite(totals.perplexity()))
        .put("bits", finite(totals.bits()))
        .put("accuracy", finite(evaluation.accuracy()));
    ObjectNode accuracies = document.putObject("topAccuracy");
    for (int top : tops) {
      accuracies.put(Integer.toString(top), finite(evaluation.topAccuracy(top)));
    }
    document
        .put("calibrationError", finite(evaluation.expectedCalibrationError()))
        .put("calibrationBins", evaluation.bins());
    return document;
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
