package io.surprisal.bench.accuracy;

import static io.surprisal.bench.report.ReportJson.number;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Divisor;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.bench.report.Machine;
import io.surprisal.bench.report.ReportJson;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.diagnosis.ReferenceLoss;
import io.surprisal.diagnosis.ReferenceRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Errors of losses and gradients against the definition in double, by every kernel and by the usual
 * computation in float, measured in a second or two.
 */
public final class KernelErrors {
  private static final int ROWS = 256;

  private final List<Figure> figures = new ArrayList<>();

  private KernelErrors() {}

  /** The errors of one computation on one batch. */
  private record Figure(String batch, String computedBy, UlpError loss, UlpError gradient) {}

  /** Measures them. */
  public static KernelErrors measure(List<String> kernels) {
    KernelErrors errors = new KernelErrors();
    TestBatch.all(ROWS).forEach(batch -> errors.add(batch, kernels));
    return errors;
  }

  private void add(TestBatch batch, List<String> kernels) {
    LogitsBatch data = batch.data();
    Batch labelled = Batch.of(data.logits(), data.labels());
    ReferenceLoss reference = ReferenceLoss.of(loss(Execution.sequential()), labelled);
    List<ReferenceRow> exact = new ArrayList<>();
    for (int row = 0; row < data.shape().rows(); row++) {
      exact.add(reference.row(row, data.logits()));
    }
    for (String kernel : kernels) {
      float[] losses = new float[data.shape().rows()];
      Matrix gradient = Matrix.zeros(data.shape().rows(), data.shape().classes());
      loss(Execution.sequential().with(Kernel.named(kernel)))
          .compute(labelled, Outputs.none().withLosses(losses).withGradient(gradient));
      add(batch.name(), kernel, exact, losses, gradient.data());
    }
    UsualLoss usual = new UsualLoss(data);
    add(batch.name(), UsualLoss.NAME, exact, usual.losses(), usual.gradient());
  }

  private static CrossEntropy loss(Execution execution) {
    return CrossEntropy.builder().divisor(Divisor.ONE).execution(execution).build();
  }

  private void add(
      String batch, String name, List<ReferenceRow> exact, float[] losses, float[] gradient) {
    int classes = exact.getFirst().gradient().length;
    figures.add(
        new Figure(
            batch,
            name,
            UlpError.of(losses, row -> exact.get(row).loss(), row -> exact.get(row).lossScale()),
            UlpError.of(
                gradient,
                i -> exact.get(i / classes).gradient()[i % classes],
                i -> exact.get(i / classes).gradientScale()[i % classes])));
  }

  /** For the report. */
  public ObjectNode document(Machine machine) {
    ObjectNode document = ReportJson.document(machine);
    document.put("rows", ROWS);
    ArrayNode results = document.putArray("results");
    for (Figure figure : figures) {
      ObjectNode node =
          results.addObject().put("batch", figure.batch).put("computedBy", figure.computedBy);
      add(node.putObject("loss"), figure.loss);
      add(node.putObject("gradient"), figure.gradient);
    }
    return document;
  }

  private static void add(ObjectNode node, UlpError error) {
    node.put("maxUlp", number(error.largest())).put("rmsUlp", number(error.rootMeanSquare()));
  }
}
