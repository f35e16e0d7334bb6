package io.surprisal.bench.golden;

import java.util.List;
import java.util.Map;

/**
 * One case of a golden file: a problem and what PyTorch computed for it in float64.
 *
 * @param number position in its file, from 0
 * @param op PyTorch's name of the operation
 * @param kind what the input is like
 * @param rows n
 * @param classes c
 * @param input {@code [n × c]}, row-major
 * @param target labels {@code [n]}, or null
 * @param targetProb dense targets {@code [n × c]}, or null
 * @param options what the operation was told besides
 * @param elements targets and weights of the losses of elements
 * @param upstream one number an element of the output
 * @param out the output
 * @param grad the gradient with respect to the input, {@code [n × c]}
 */
record GoldenCase(
    int number,
    String op,
    String kind,
    int rows,
    int classes,
    float[] input,
    int[] target,
    float[] targetProb,
    Options options,
    Elements elements,
    float[] upstream,
    double[] out,
    double[] grad) {

  /**
   * Options of the labelled losses.
   *
   * @param weight class weights, or null
   * @param ignoreIndex PyTorch's default where the file has none
   * @param labelSmoothing ε
   * @param reduction none, mean or sum; null where the operation has none
   */
  record Options(float[] weight, int ignoreIndex, double labelSmoothing, String reduction) {
    boolean byRow() {
      return reduction.equals("none");
    }

    boolean mean() {
      return reduction.equals("mean");
    }
  }

  /**
   * Targets and weights of the losses of elements.
   *
   * @param targets {@code [n × c]}, or null
   * @param weights {@code [n × c]}, or null
   * @param positiveWeights {@code [c]}, or null
   * @param logTarget whether targets are logarithms
   */
  record Elements(float[] targets, float[] weights, float[] positiveWeights, boolean logTarget) {}

  private static final int PYTORCH_IGNORE_INDEX = -100;

  /**
   * A case from the texts of its fields, an absent one missing from the map.
   *
   * @throws IllegalArgumentException if a field is missing or its numbers do not fit the shape
   */
  static GoldenCase of(int number, Map<String, List<String>> fields) {
    int rows = Integer.parseInt(text(fields, "n"));
    int classes = Integer.parseInt(text(fields, "c"));
    int elements = Math.multiplyExact(rows, classes);
    double[] out = doubles(list(fields, "out"));
    return new GoldenCase(
        number,
        text(fields, "op"),
        fields.containsKey("kind") ? text(fields, "kind") : "",
        rows,
        classes,
        floats(sized(fields, "input", elements)),
        fields.containsKey("target_prob") ? null : labels(fields, rows),
        fields.containsKey("target_prob") ? floats(sized(fields, "target_prob", elements)) : null,
        options(fields, classes),
        elements(fields, rows, classes),
        floats(sized(fields, "grad_output", out.length)),
        out,
        doubles(sized(fields, "grad", elements)));
  }

  /** Dense targets are numbers a class; only lists of one label a row are labels. */
  private static int[] labels(Map<String, List<String>> fields, int rows) {
    List<String> target = fields.get("target");
    if (target == null || target.size() != rows) {
      return null;
    }
    return target.stream().mapToInt(text -> (int) Double.parseDouble(text)).toArray();
  }

  private static Options options(Map<String, List<String>> fields, int classes) {
    List<String> weight = fields.get("weight");
    List<String> ignore = fields.get("ignore_index");
    List<String> smoothing = fields.get("label_smoothing");
    List<String> reduction = fields.get("reduction");
    return new Options(
        weight == null || weight.size() != classes ? null : floats(weight),
        ignore == null ? PYTORCH_IGNORE_INDEX : Integer.parseInt(ignore.getFirst()),
        smoothing == null ? 0 : Double.parseDouble(smoothing.getFirst()),
        reduction == null ? null : reduction.getFirst());
  }

  private static Elements elements(Map<String, List<String>> fields, int rows, int classes) {
    List<String> target = fields.get("target");
    List<String> weight = fields.get("weight");
    List<String> positive = fields.get("pos_weight");
    List<String> logTarget = fields.get("log_target");
    return new Elements(
        target == null || target.size() != rows * classes ? null : floats(target),
        weight == null ? null : repeated(floats(weight), rows * classes),
        positive == null ? null : floats(positive),
        logTarget != null && Boolean.parseBoolean(logTarget.getFirst()));
  }

  /** Weights of one row are those of every row. */
  private static float[] repeated(float[] weights, int elements) {
    float[] all = new float[elements];
    for (int i = 0; i < elements; i++) {
      all[i] = weights[i % weights.length];
    }
    return all;
  }

  private static String text(Map<String, List<String>> fields, String name) {
    return sized(fields, name, 1).getFirst();
  }

  private static List<String> sized(Map<String, List<String>> fields, String name, int size) {
    List<String> values = list(fields, name);
    if (values.size() != size) {
      throw new IllegalArgumentException(
          "'" + name + "' has " + values.size() + " values, not " + size);
    }
    return values;
  }

  private static List<String> list(Map<String, List<String>> fields, String name) {
    List<String> values = fields.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no '" + name + "'");
    }
    return values;
  }

  /** Straight from the text: by way of a double a number could be rounded twice. */
  private static float[] floats(List<String> texts) {
    float[] values = new float[texts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(texts.get(i));
    }
    return values;
  }

  private static double[] doubles(List<String> texts) {
    return texts.stream().mapToDouble(Double::parseDouble).toArray();
  }
}
