package io.surprisal.bench.neighbours;

import static io.surprisal.bench.neighbours.OnnxClassifier.CLASSES;
import static io.surprisal.bench.neighbours.OnnxClassifier.FEATURES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("neighbours")
class OnnxRuntimeTest {
  private static final int ROWS = 1000;

  @Test
  void logitsOfAModelAreEvaluated() throws OrtException {
    FloatBuffer features = FloatBuffer.wrap(OnnxClassifier.features(ROWS));
    int[] labels = OnnxClassifier.labels(ROWS);
    CrossEntropy loss = CrossEntropy.standard();
    Totals totals = loss.newTotals();
    Evaluation evaluation = Evaluation.standard();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(OnnxClassifier.model())) {
      // recipe: begin onnxruntime
      FloatBuffer logits =
          ByteBuffer.allocateDirect(ROWS * CLASSES * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      try (OnnxTensor in =
              OnnxTensor.createTensor(environment, features, new long[] {ROWS, FEATURES});
          OnnxTensor out =
              OnnxTensor.createTensor(environment, logits, new long[] {ROWS, CLASSES})) {
        session.run(Map.of("features", in), Map.of("logits", out)).close();
      }
      loss.compute(
          Batch.of(Matrix.of(logits, ROWS, CLASSES), Labels.of(labels)),
          Outputs.none().withTotals(totals).withEvaluation(evaluation));
      // recipe: end onnxruntime
    }
    double[][] expected = OnnxClassifier.logits(ROWS);
    assertEquals(Definition.meanLoss(expected, labels), totals.mean(), 1e-6);
    assertEquals(Definition.accuracy(expected, labels), evaluation.accuracy());
  }
}
