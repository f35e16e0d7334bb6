package io.surprisal.bench.peers;

import io.surprisal.bench.accuracy.TestBatch;
import io.surprisal.bench.accuracy.UlpError;
import io.surprisal.bench.workload.LogitsBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loss errors of every library on the same inputs, of which some are easy and some are not; on one
 * thread.
 *
 * @param batch what it is, in words
 * @param errors by library
 */
record Accuracy(String batch, Map<String, UlpError> errors) {
  private static final int ROWS = 1024;

  /**
   * Measures them all.
   *
   * @throws PeerException if a library cannot run after all
   */
  static List<Accuracy> of(List<Library> libraries) throws PeerException {
    List<Accuracy> accuracies = new ArrayList<>();
    for (TestBatch batch : TestBatch.all(ROWS).toList()) {
      accuracies.add(of(libraries, batch.name(), batch.data()));
    }
    return accuracies;
  }

  private static Accuracy of(List<Library> libraries, String name, LogitsBatch data)
      throws PeerException {
    ExactLosses exact = new ExactLosses(data);
    Map<String, UlpError> errors = new LinkedHashMap<>();
    try (NativeBatch batch = new NativeBatch(data)) {
      for (Library library : libraries) {
        try (Session session = library.open(batch, 1)) {
          errors.put(library.name(), UlpError.of(session.losses(), exact::loss));
        }
      }
    }
    return new Accuracy(name, errors);
  }
}
