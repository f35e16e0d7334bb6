package io.surprisal;

/** How a class label is stored. */
public enum LabelType {
  /** An unsigned byte: 0 to 255. */
  UINT8(Byte.BYTES),

  /** A {@code short}. */
  INT16(Short.BYTES),

  /** An {@code int}. */
  INT32(Integer.BYTES),

  /** A {@code long}. */
  INT64(Long.BYTES);

  private final int bytes;

  LabelType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Size of a label.
   *
   * @return the number of bytes
   */
  public int bytes() {
    return bytes;
  }
}
