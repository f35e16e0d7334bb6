package io.surprisal.bench.docs;

import io.surprisal.CrossEntropy;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What statements of the documentation take for granted around them: a batch of {@code [6 × 300]}
 * and a place for each result. A snippet's own variables hide these.
 */
public abstract class Given {
  /** Rows of the batch. */
  protected int rows = 6;

  /** Classes of the batch. */
  protected int classes = 300;

  /** Logits from −2 to 2. */
  protected Matrix logits = logits(rows, classes);

  /** A label a row. */
  protected Labels labels = Labels.of(0, 17, 299, 17, 4, 250);

  /** A distribution a row, the same probability for each class. */
  protected Matrix targets = Matrix.of(filled(rows * classes, 1f / classes), classes);

  /** Where a gradient goes. */
  protected Matrix gradient = Matrix.zeros(rows, classes);

  /** A weight a class. */
  protected float[] weights = filled(classes, 1);

  /** A weight a row. */
  protected float[] sampleWeights = filled(rows, 1);

  /** Where losses go. */
  protected float[] rowLosses = new float[rows];

  /** Where entropies go. */
  protected float[] entropies = new float[rows];

  /** A loss. */
  protected CrossEntropy loss = CrossEntropy.standard();

  /** What a loss is asked for. */
  protected Outputs outputs = Outputs.none().withLosses(rowLosses);

  /** The batch. */
  protected Given() {}

  /** A file of zeros. */
  protected static Path file(int bytes) {
    try {
      Path file = Files.createTempFile("zeros", ".bin");
      file.toFile().deleteOnExit();
      return Files.write(file, new byte[bytes]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matrix logits(int rows, int classes) {
    float[] data = new float[rows * classes];
    for (int i = 0; i < data.length; i++) {
      data[i] = i * 37 % 129 / 32f - 2;
    }
    return Matrix.of(data, classes);
  }

  private static float[] filled(int count, float value) {
    float[] filled = new float[count];
    Arrays.fill(filled, value);
    return filled;
  }

  /**
   * Runs the statements.
   *
   * @throws Exception whatever they throw
   */
  public abstract void run() throws Exception;
}
