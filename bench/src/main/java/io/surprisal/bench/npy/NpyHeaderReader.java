package io.surprisal.bench.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the header of NumPy's format, versions 1 to 3: six bytes of magic, two of version, the
 * length of the text in two bytes (version 1) or four, the text, then the elements.
 *
 * <p>Strict: what is not understood to the last character is refused, and so is a file that is not
 * exactly as long as its header says. No more is read or allocated than {@link #LONGEST_TEXT}.
 *
 * <p>Source: <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">
 * numpy.lib.format</a>.
 */
final class NpyHeaderReader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION = MAGIC.length;
  private static final int LENGTH = VERSION + 2;

  /** What version 1 can say. Longer texts, of versions 2 and 3, describe structures alone. */
  private static final int LONGEST_TEXT = 0xFFFF;

  private NpyHeaderReader() {}

  static NpyHeader read(FileChannel channel) throws IOException, NpyFormatException {
    byte[] start = bytes(channel, 0, LENGTH);
    checkMagic(start);
    int lengthBytes = lengthBytes(start[VERSION], start[VERSION + 1]);
    byte[] lengthField = bytes(channel, LENGTH, lengthBytes);
    long length = unsigned(lengthField);
    if (length > LONGEST_TEXT) {
      throw new NpyFormatException(
          "its header has " + length + " bytes, more than the " + LONGEST_TEXT + " that are read");
    }
    long dataStart = LENGTH + lengthBytes + length;
    byte[] text = bytes(channel, LENGTH + lengthBytes, (int) length);
    // Version 3 is UTF-8: only names of fields need that, and structures are refused.
    NpyDictionary dictionary = NpyDictionary.parse(new String(text, StandardCharsets.ISO_8859_1));
    NpyHeader header = header(dictionary, dataStart);
    checkSize(header, channel.size());
    return header;
  }

  private static byte[] bytes(FileChannel channel, long from, int count)
      throws IOException, NpyFormatException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        if (from == 0) {
          checkMagic(buffer.array());
        }
        throw new NpyFormatException("it is cut off within its header");
      }
    }
    return buffer.array();
  }

  private static void checkMagic(byte[] start) throws NpyFormatException {
    if (start[0] == 'P' && start[1] == 'K') {
      throw new NpyFormatException("it is an archive (.npz?): unpack the .npy file in it");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw new NpyFormatException("it is not a .npy file: it does not begin as NumPy's do");
      }
    }
  }

  private static int lengthBytes(int major, int minor) throws NpyFormatException {
    if (major < 1 || major > 3 || minor != 0) {
      throw new NpyFormatException(
          "it is in version "
              + Byte.toUnsignedInt((byte) major)
              + "."
              + Byte.toUnsignedInt((byte) minor)
              + " of the format; 1.0, 2.0 and 3.0 are read");
    }
    return major == 1 ? Short.BYTES : Integer.BYTES;
  }

  /** The lowest byte first. */
  private static long unsigned(byte[] bytes) {
    long value = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[i]);
    }
    return value;
  }

  private static NpyHeader header(NpyDictionary dictionary, long dataStart)
      throws NpyFormatException {
    String type = dictionary.type();
    NpyElement element = element(type);
    if (dictionary.fortranOrder() && dictionary.shape().size() > 1) {
      throw new NpyFormatException(
          "it is in Fortran order: save numpy.ascontiguousarray of it instead");
    }
    List<Long> shape = dictionary.shape();
    try {
      Math.multiplyExact(NpyHeader.product(shape), (long) element.bytes());
    } catch (ArithmeticException e) {
      throw new NpyFormatException("its shape " + NpyHeader.text(shape) + " overflows");
    }
    return new NpyHeader(element, order(type.charAt(0)), shape, dataStart);
  }

  private static NpyElement element(String type) throws NpyFormatException {
    if (type.endsWith("O")) {
      throw new NpyFormatException("its elements are Python objects, not numbers");
    }
    NpyElement element = type.isEmpty() ? null : NpyElement.of(type.substring(1)).orElse(null);
    boolean ordered = !type.isEmpty() && "<>=".indexOf(type.charAt(0)) >= 0;
    boolean unordered =
        type.startsWith("|")
            && (element == NpyElement.V2 || (element != null && element.bytes() == 1));
    if (element == null || !(ordered || unordered)) {
      throw new NpyFormatException(
          "its type '"
              + type
              + "' is none of f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 u8 in byte order < or >");
    }
    return element;
  }

  private static ByteOrder order(char mark) {
    return switch (mark) {
      case '<' -> ByteOrder.LITTLE_ENDIAN;
      case '>' -> ByteOrder.BIG_ENDIAN;
      default -> ByteOrder.nativeOrder();
    };
  }

  private static void checkSize(NpyHeader header, long size) throws NpyFormatException {
    long expected = header.dataBytes();
    long found = size - header.dataStart();
    if (found != expected) {
      throw new NpyFormatException(
          "its header says "
              + expected
              + " bytes of data, "
              + header.element()
              + " of shape "
              + NpyHeader.text(header.shape())
              + ", but "
              + found
              + " follow"
              + (found < expected ? ": it is cut off" : ""));
    }
  }
}
