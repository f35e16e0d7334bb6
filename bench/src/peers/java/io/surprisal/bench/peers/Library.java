package io.surprisal.bench.peers;

import io.surprisal.bench.workload.Operation;

/** A library that computes losses of a batch: ours, or a native peer. */
interface Library {
  /** As it stands in the table and in the report. */
  String name();

  /**
   * What it is, with its version. Loads its native code.
   *
   * @throws PeerException if it cannot run here
   */
  String description() throws PeerException;

  /**
   * Whether what it does for an operation is less than the operation, so that its speed is only a
   * bound of what could be reached.
   */
  boolean isBound(Operation operation);

  /**
   * Prepares everything for calls on a batch.
   *
   * @throws PeerException if it cannot
   */
  Session open(NativeBatch batch, int threads) throws PeerException;
}
