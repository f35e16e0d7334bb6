package io.surprisal.bench.npy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes files as NumPy does, and as nobody should: written apart from the tool's own writer. */
public final class SavedArray {
  private SavedArray() {}

  /** A file of version 1, as numpy.save writes it. */
  public static Path save(Path file, String type, double[] values, long... shape)
      throws IOException {
    return Files.write(file, bytes(1, dictionary(type, shape), data(type, values)));
  }

  /** The dictionary of a header. */
  static String dictionary(String type, long... shape) {
    String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String tuple = shape.length == 1 ? "(" + sizes + ",)" : "(" + sizes + ")";
    return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + tuple + ", }";
  }

  /** A file of any version, its header padded to a multiple of 64. */
  static byte[] bytes(int version, String dictionary, byte[] data) {
    int lengthBytes = version == 1 ? 2 : 4;
    int unpadded = 8 + lengthBytes + dictionary.length() + 1;
    String text = dictionary + " ".repeat(Math.floorMod(-unpadded, 64)) + "\n";
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(0x93);
    file.writeBytes("NUMPY".getBytes(StandardCharsets.US_ASCII));
    file.write(version);
    file.write(0);
    for (int i = 0; i < lengthBytes; i++) {
      file.write(text.length() >>> (8 * i));
    }
    file.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    file.writeBytes(data);
    return file.toByteArray();
  }

  /** The bytes of elements of a type. */
  static byte[] data(String type, double... values) {
    int bytes = type.charAt(2) - '0';
    ByteBuffer buffer = ByteBuffer.allocate(values.length * bytes);
    buffer.order(type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (type.substring(1)) {
        case "f2" -> buffer.putShort(Float.floatToFloat16((float) value));
        case "f4" -> buffer.putFloat((float) value);
        case "f8" -> buffer.putDouble(value);
        case "i1", "u1" -> buffer.put((byte) value);
        case "i2" -> buffer.putShort((short) value);
        case "u2", "V2" -> buffer.putShort((short) (int) value);
        case "i4" -> buffer.putInt((int) value);
        case "u4" -> buffer.putInt((int) (long) value);
        case "i8" -> buffer.putLong((long) value);
        case "u8" -> buffer.putLong(value < 0x1p63 ? (long) value : (long) (value - 0x1p64));
        default -> throw new IllegalArgumentException(type);
      }
    }
    return buffer.array();
  }
}
