package io.surprisal.bench.npy;

import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a file's header says, and is possible.
 *
 * @param element type of an element
 * @param order order of its bytes
 * @param shape sizes of the axes, none negative, their product a {@code long} in bytes too
 * @param dataStart where in the file the elements begin
 */
public record NpyHeader(NpyElement element, ByteOrder order, List<Long> shape, long dataStart) {
  /** Number of elements. */
  public long elements() {
    return product(shape);
  }

  /** Number of bytes of the elements. */
  public long dataBytes() {
    return elements() * element.bytes();
  }

  /**
   * Number of elements of a shape: 0 if an axis is, however long others are.
   *
   * @throws ArithmeticException if it is no {@code long}
   */
  static long product(List<Long> shape) {
    if (shape.contains(0L)) {
      return 0;
    }
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** A shape as Python writes it. */
  public static String text(List<Long> shape) {
    String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "(" + sizes + (shape.size() == 1 ? ",)" : ")");
  }
}
