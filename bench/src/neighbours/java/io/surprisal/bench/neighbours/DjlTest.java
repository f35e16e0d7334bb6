package io.surprisal.bench.neighbours;

import static io.surprisal.bench.neighbours.OnnxClassifier.CLASSES;
import static io.surprisal.bench.neighbours.OnnxClassifier.FEATURES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Evaluation;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import io.surprisal.Totals;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the ONNX Runtime engine of DJL, whose native library is on Maven Central. */
@Tag("neighbours")
class DjlTest {
  private static final int ROWS = 1000;

  @TempDir private Path folder;

  @Test
  void logitsOfAnArrayAreEvaluated()
      throws IOException, ModelNotFoundException, MalformedModelException, TranslateException {
    float[] features = OnnxClassifier.features(ROWS);
    int[] labels = OnnxClassifier.labels(ROWS);
    CrossEntropy loss = CrossEntropy.standard();
    Totals totals = loss.newTotals();
    Evaluation evaluation = Evaluation.standard();
    Path file = Files.write(folder.resolve("classifier.onnx"), OnnxClassifier.model());
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(file)
            .optEngine("OnnxRuntime")
            .build();
    try (ZooModel<NDList, NDList> model = criteria.loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager manager = model.getNDManager().newSubManager()) {
      NDList input = new NDList(manager.create(features, new Shape(ROWS, FEATURES)));
      // recipe: begin djl
      try (NDList output = predictor.predict(input)) {
        NDArray logits = output.singletonOrThrow();
        FloatBuffer buffer = logits.toByteBuffer().asFloatBuffer();
        int rows = (int) logits.getShape().get(0);
        int classes = (int) logits.getShape().get(1);
        loss.compute(
            Batch.of(Matrix.of(buffer, rows, classes), Labels.of(labels)),
            Outputs.none().withTotals(totals).withEvaluation(evaluation));
      }
      // recipe: end djl
    }
    double[][] expected = OnnxClassifier.logits(ROWS);
    assertEquals(Definition.meanLoss(expected, labels), totals.mean(), 1e-6);
    assertEquals(Definition.accuracy(expected, labels), evaluation.accuracy());
    assertEquals(ROWS, totals.rows());
    assertEquals(CLASSES, expected[0].length);
  }
}
