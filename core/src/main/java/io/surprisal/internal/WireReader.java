package io.surprisal.internal;

import java.util.Objects;

/**
 * Reads what {@link WireWriter} wrote, and trusts nothing: bytes that are cut short, of another
 * kind or version, or that go on are refused with an {@link IllegalArgumentException} that says
 * where.
 */
public final class WireReader {
  /** A count has at most 63 bits. */
  private static final int LONGEST_COUNT = 9;

  private final String type;
  private final byte[] bytes;
  private int position;

  /**
   * Begins with the header.
   *
   * @param type name of the class, for messages
   * @param bytes what to read
   * @param kind the letter of the class
   * @param version the layout that is read
   * @throws IllegalArgumentException if the bytes begin otherwise
   */
  public WireReader(String type, byte[] bytes, char kind, int version) {
    this.type = type;
    this.bytes = Objects.requireNonNull(bytes, "bytes");
    boolean marked = true;
    for (byte expected : WireWriter.MARK) {
      marked &= octet("mark") == expected;
    }
    if (!marked || octet("kind") != kind) {
      throw refused("are not the wire form of one: they do not begin with SU" + kind);
    }
    int found = octet("version");
    if (found != version) {
      throw refused("are of version " + found + ", but version " + version + " is read here");
    }
  }

  /**
   * An exception about these bytes.
   *
   * @param reason a predicate
   * @return the exception, to be thrown
   */
  public IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("the bytes of " + type + " " + reason);
  }

  /** How many bytes are left: no array is longer that has a byte or more for each element. */
  int left() {
    return bytes.length - position;
  }

  /**
   * Reads a byte.
   *
   * @param field name for messages
   * @return 0 to 255
   */
  public int octet(String field) {
    if (position == bytes.length) {
      throw refused("end within " + field + ", after " + position);
    }
    return bytes[position++] & 0xFF;
  }

  /**
   * Reads a byte that is one of a few.
   *
   * @param field name for messages
   * @param choices how many
   * @return 0 to choices − 1
   */
  public int choice(String field, int choices) {
    int value = octet(field);
    if (value >= choices) {
      throw refused("have " + field + " = " + value + ", which is outside [0, " + choices + ")");
    }
    return value;
  }

  /**
   * Reads a count.
   *
   * @param field name for messages
   * @param most the largest allowed
   * @return 0 to most
   */
  public long count(String field, long most) {
    long value = 0;
    int octet = 0x80;
    for (int i = 0; (octet & 0x80) != 0; i++) {
      if (i == LONGEST_COUNT) {
        throw refused("have a count of more than 63 bits as " + field);
      }
      octet = octet(field);
      value |= (long) (octet & 0x7F) << (7 * i);
      if (octet == 0 && i > 0) {
        throw refused("have a count with idle bytes as " + field);
      }
    }
    if (value > most) {
      throw refused("have " + field + " = " + value + ", which is more than " + most);
    }
    return value;
  }

  /**
   * Reads four bytes.
   *
   * @param field name for messages
   * @return any number
   */
  public int word(String field) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | octet(field);
    }
    return value;
  }

  /**
   * Reads a double.
   *
   * @param field name for messages
   * @return any number
   */
  public double real(String field) {
    long high = word(field);
    return Double.longBitsToDouble(high << 32 | Integer.toUnsignedLong(word(field)));
  }

  /** Refuses bytes that go on. */
  public void end() {
    if (left() > 0) {
      throw refused("go on after the last field, at byte " + position + " of " + bytes.length);
    }
  }
}
