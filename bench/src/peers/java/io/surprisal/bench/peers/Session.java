package io.surprisal.bench.peers;

import io.surprisal.bench.workload.Operation;

/**
 * Calls of a library on one batch and number of threads. All are made on the thread that opened it:
 * OpenMP keeps its number of threads by calling thread.
 */
interface Session extends AutoCloseable {
  /** What is timed. Returns the mean loss, or any number of the result where there is none. */
  double run(Operation operation);

  /** The loss of each row, in a new array; not timed. */
  float[] losses();

  /**
   * An entry of the gradient of the sum of losses, from what {@code forwardAndGradient} last
   * computed.
   *
   * @param index row · classes + class
   */
  double gradientOfSum(int index);

  @Override
  void close();
}
