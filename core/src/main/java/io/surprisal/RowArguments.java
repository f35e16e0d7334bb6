package io.surprisal;

import io.surprisal.internal.RowOutputs;

/** Arrays for the results of labelled rows: large enough, and shared with nothing. */
final class RowArguments {
  private RowArguments() {}

  static void check(Batch batch, Outputs outputs) {
    for (int i = 0; i < RowOutputs.MEASURES.size(); i++) {
      RowOutputs.Measure measure = RowOutputs.MEASURES.get(i);
      float[] values = outputs.rowOutputs().get(measure);
      if (values != null) {
        check(batch, outputs, measure, values);
      }
    }
    for (int i = 0; i < RowOutputs.COUNTS.size(); i++) {
      RowOutputs.Count count = RowOutputs.COUNTS.get(i);
      int[] values = outputs.rowOutputs().get(count);
      if (values != null) {
        check(batch, outputs, count, values);
      }
    }
  }

  private static void check(
      Batch batch, Outputs outputs, RowOutputs.Measure measure, float[] values) {
    Matrix logits = batch.logits();
    String name = measure.argument();
    Checks.capacity(name, values.length, logits.rows());
    Checks.disjoint(name, values, logits.rows(), "logits", logits);
    refuseSame(name, values, "losses", outputs.losses());
    refuseSame(name, values, "sampleWeights", batch.sampleWeights());
    if (outputs.gradient() != null) {
      Checks.disjoint(name, values, logits.rows(), "gradient", outputs.gradient().matrix());
      refuseSame(name, values, "upstream", outputs.gradient().upstreamRows());
    }
    for (int i = 0; i < RowOutputs.MEASURES.size(); i++) {
      RowOutputs.Measure other = RowOutputs.MEASURES.get(i);
      if (other != measure) {
        refuseSame(name, values, other.argument(), outputs.rowOutputs().get(other));
      }
    }
  }

  private static void check(Batch batch, Outputs outputs, RowOutputs.Count count, int[] values) {
    Matrix logits = batch.logits();
    String name = count.argument();
    Checks.capacity(name, values.length, logits.rows());
    Checks.disjoint(name, values, logits.rows(), "logits", logits);
    if (outputs.gradient() != null) {
      Checks.disjoint(name, values, logits.rows(), "gradient", outputs.gradient().matrix());
    }
    if (batch.labels().lieIn(values)) {
      throw new IllegalArgumentException(name + " and labels are one array");
    }
    for (int i = 0; i < RowOutputs.COUNTS.size(); i++) {
      RowOutputs.Count other = RowOutputs.COUNTS.get(i);
      if (other != count) {
        refuseSame(name, values, other.argument(), outputs.rowOutputs().get(other));
      }
    }
  }

  static void refuseSame(String argument, Object values, String other, Object others) {
    if (values != null && values == others) {
      throw new IllegalArgumentException(argument + " and " + other + " are one array");
    }
  }
}
