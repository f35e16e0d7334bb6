package io.surprisal.bench.peers;

import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Loss errors of every library on the same inputs, of which some are easy and some are not; on one
 * thread.
 *
 * @param batch what it is, in words
 * @param errors by library
 */
record Accuracy(String batch, Map<String, LossError> errors) {
  private static final Shape SHAPE = new Shape(1024, 1000);
  private static final long SEED = 20260102;

  /**
   * Measures them all.
   *
   * @throws PeerException if a library cannot run after all
   */
  static List<Accuracy> of(List<Library> libraries) throws PeerException {
    return List.of(
        of(libraries, "Gaussian, spread 0.1", gaussian(0.1, 0)),
        of(libraries, "Gaussian, spread 3", gaussian(3, 0)),
        of(libraries, "Gaussian, spread 30", gaussian(30, 0)),
        of(libraries, "spread 3, all + 10000", gaussian(3, 10_000)),
        of(libraries, "label ahead by 16", confident(16)),
        of(libraries, "label ahead by 20", confident(20)));
  }

  private static Accuracy of(List<Library> libraries, String name, LogitsBatch data)
      throws PeerException {
    ExactLosses exact = new ExactLosses(data);
    Map<String, LossError> errors = new LinkedHashMap<>();
    try (NativeBatch batch = new NativeBatch(data)) {
      for (Library library : libraries) {
        try (Session session = library.open(batch, 1)) {
          errors.put(library.name(), LossError.of(session.losses(), exact));
        }
      }
    }
    return new Accuracy(name, errors);
  }

  private static LogitsBatch gaussian(double spread, double offset) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] logits = new float[SHAPE.elements()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (offset + spread * random.nextGaussian());
    }
    return LogitsBatch.of(SHAPE, logits, labels(random));
  }

  /** What a trained network is sure of: a loss near classes · exp(−gap). */
  private static LogitsBatch confident(double gap) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] logits = new float[SHAPE.elements()];
    int[] labels = labels(random);
    for (int row = 0; row < labels.length; row++) {
      for (int i = 0; i < SHAPE.classes(); i++) {
        double base = i == labels[row] ? gap : 0;
        logits[row * SHAPE.classes() + i] = (float) (base + 0.1 * random.nextGaussian());
      }
    }
    return LogitsBatch.of(SHAPE, logits, labels);
  }

  private static int[] labels(SplittableRandom random) {
    return random.ints(SHAPE.rows(), 0, SHAPE.classes()).toArray();
  }
}
