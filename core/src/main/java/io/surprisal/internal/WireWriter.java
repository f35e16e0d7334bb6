package io.surprisal.internal;

import java.util.Arrays;

/**
 * Writes the bytes that carry what merges from one process to another; {@code docs/wire-form.md}
 * has their layout.
 *
 * <p>They begin with a mark, a kind and a version. Numbers are big-endian; counts take as many
 * bytes as they need, seven bits in each, the lowest first.
 */
public final class WireWriter {
  /** What the bytes of every kind begin with. */
  static final byte[] MARK = {'S', 'U'};

  private byte[] bytes = new byte[64];
  private int length;

  /**
   * Begins with the header.
   *
   * @param kind a letter for the class
   * @param version of its layout, 1 to 127
   */
  public WireWriter(char kind, int version) {
    octet(MARK[0]);
    octet(MARK[1]);
    octet(kind);
    octet(version);
  }

  /**
   * Writes a byte.
   *
   * @param value its low eight bits
   */
  public void octet(int value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) value;
  }

  /**
   * Writes a count.
   *
   * @param value 0 or more
   */
  public void count(long value) {
    long rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      octet((int) (rest & 0x7F) | 0x80);
    }
    octet((int) rest);
  }

  /**
   * Writes four bytes.
   *
   * @param value any
   */
  public void word(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      octet(value >>> shift);
    }
  }

  /**
   * Writes a double.
   *
   * @param value any; every NaN as the same one
   */
  public void real(double value) {
    long bits = Double.doubleToLongBits(value);
    word((int) (bits >>> 32));
    word((int) bits);
  }

  /**
   * What was written.
   *
   * @return a copy
   */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }
}
