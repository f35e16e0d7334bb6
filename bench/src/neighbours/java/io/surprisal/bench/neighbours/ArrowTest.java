package io.surprisal.bench.neighbours;

import static io.surprisal.bench.neighbours.OnnxClassifier.CLASSES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Totals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("neighbours")
class ArrowTest {
  private static final int ROWS = 1000;

  @Test
  void logitsOfAColumnAreEvaluated() {
    double[][] expected = OnnxClassifier.logits(ROWS);
    int[] expectedLabels = OnnxClassifier.labels(ROWS);
    try (BufferAllocator allocator = new RootAllocator();
        Float4Vector logits = new Float4Vector("logits", allocator);
        IntVector labels = new IntVector("labels", allocator)) {
      logits.allocateNew(ROWS * CLASSES);
      labels.allocateNew(ROWS);
      for (int i = 0; i < ROWS * CLASSES; i++) {
        logits.set(i, (float) expected[i / CLASSES][i % CLASSES]);
      }
      for (int row = 0; row < ROWS; row++) {
        labels.set(row, expectedLabels[row]);
      }
      logits.setValueCount(ROWS * CLASSES);
      labels.setValueCount(ROWS);
      // recipe: begin arrow
      ByteBuffer floats = logits.getDataBuffer().nioBuffer(0, ROWS * CLASSES * Float.BYTES);
      ByteBuffer ints = labels.getDataBuffer().nioBuffer(0, ROWS * Integer.BYTES);
      Totals totals =
          CrossEntropy.standard()
              .forward(
                  Matrix.of(floats.order(ByteOrder.nativeOrder()).asFloatBuffer(), ROWS, CLASSES),
                  Labels.of(ints.order(ByteOrder.nativeOrder()).asIntBuffer()));
      // recipe: end arrow
      assertEquals(Definition.meanLoss(expected, expectedLabels), totals.mean(), 1e-6);
    }
  }
}
