package io.surprisal.bench.evaluate;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.npy.NpyArray;
import io.surprisal.bench.npy.NpyElement;
import io.surprisal.bench.npy.NpyHeader;
import java.util.List;

/**
 * Logits that were saved: the last axis is that of the classes, all others together are the rows.
 */
final class LogitsFile {
  private final NpyArray array;
  private final FloatFormat format;
  private final List<Long> rowShape;
  private final long rows;
  private final int classes;

  /**
   * Logits of a file.
   *
   * @param array floats, or two bytes each
   * @param bfloat16 whether two bytes are a bfloat16
   * @throws InputException if they are no logits
   */
  LogitsFile(NpyArray array, boolean bfloat16) throws InputException {
    this.array = array;
    format = format(array, bfloat16);
    List<Long> shape = array.shape();
    if (shape.isEmpty()) {
      throw new InputException(array.file() + ": a single number has no classes");
    }
    rowShape = shape.subList(0, shape.size() - 1);
    long last = shape.getLast();
    if (last < 1 || last > Integer.MAX_VALUE) {
      throw new InputException(
          array.file()
              + ": its last axis has "
              + last
              + " classes, outside [1, "
              + Integer.MAX_VALUE
              + "]: shape "
              + NpyHeader.text(shape));
    }
    classes = (int) last;
    rows = array.header().elements() / classes;
  }

  private static FloatFormat format(NpyArray array, boolean bfloat16) throws InputException {
    NpyElement element = array.header().element();
    boolean twoBytes = element == NpyElement.U2 || element == NpyElement.V2;
    if (bfloat16 != twoBytes) {
      throw new InputException(
          array.file()
              + ": logits of "
              + element
              + (bfloat16
                  ? " are no bfloat16, which has two bytes, saved as uint16: leave out --bf16"
                  : " are no floats" + (twoBytes ? "; --bf16 says that they are bfloat16" : "")));
    }
    return switch (element) {
      case F2 -> FloatFormat.FLOAT16;
      case F4 -> FloatFormat.FLOAT32;
      case F8 -> FloatFormat.FLOAT64;
      case U2, V2 -> FloatFormat.BFLOAT16;
      default ->
          throw new InputException(array.file() + ": logits of " + element + " are no floats");
    };
  }

  NpyArray array() {
    return array;
  }

  FloatFormat format() {
    return format;
  }

  /** The shape without the classes. */
  List<Long> rowShape() {
    return rowShape;
  }

  long rows() {
    return rows;
  }

  int classes() {
    return classes;
  }
}
