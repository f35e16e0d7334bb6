package io.surprisal;

import java.io.InvalidObjectException;
import java.io.Serializable;

/**
 * What Java serialization ships in the place of what merges: its wire form, never its fields, so
 * that every reader checks it and no stream depends on how a class is built.
 *
 * @param bytes the wire form of any of the kinds below
 */
record WireForm(byte[] bytes) implements Serializable {
  static final char ROW_SUMMARY = 'R';
  static final char TOTALS = 'T';
  static final char ELEMENT_TOTALS = 'L';
  static final char EVALUATION = 'E';
  static final char SHARD_SUMMARY = 'V';

  /** Where the letter of the kind stands. */
  private static final int KIND = 2;

  private Object readResolve() throws InvalidObjectException {
    try {
      return switch (bytes == null || bytes.length <= KIND ? 0 : bytes[KIND]) {
        case ROW_SUMMARY -> RowSummary.of(bytes);
        case ELEMENT_TOTALS -> ElementTotals.of(bytes);
        case EVALUATION -> Evaluation.of(bytes);
        case SHARD_SUMMARY -> ShardSummary.of(bytes);
        default -> Totals.of(bytes);
      };
    } catch (IllegalArgumentException e) {
      throw new InvalidObjectException(e.getMessage(), e);
    }
  }

  /** The refusal of a stream that holds fields instead of this. */
  static InvalidObjectException expected() {
    return new InvalidObjectException("a wire form is expected in the stream");
  }
}
