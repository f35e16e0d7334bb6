package io.surprisal.bench.evaluate;

import io.surprisal.bench.console.InputException;
import io.surprisal.bench.npy.NpyArray;
import io.surprisal.bench.npy.NpyElement;
import io.surprisal.bench.npy.NpyHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Labels that were saved, of any type of integers: one for each row of logits. */
final class LabelsFile {
  private final NpyArray array;
  private final NpyElement element;
  private final MemorySegment data;
  private final ValueLayout.OfShort shorts;
  private final ValueLayout.OfInt ints;
  private final ValueLayout.OfLong longs;

  /**
   * Labels of a file.
   *
   * @param array integers
   * @param logits what they are labels of
   * @throws InputException if they are no integers, or their shape is not that of the rows
   */
  LabelsFile(NpyArray array, LogitsFile logits) throws InputException {
    this.array = array;
    element = array.header().element();
    data = array.data();
    ByteOrder order = array.header().order();
    shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    if (!element.isInteger()) {
      throw new InputException(array.file() + ": labels of " + element + " are no integers");
    }
    if (!array.shape().equals(logits.rowShape())) {
      throw new InputException(
          array.file()
              + ": labels of shape "
              + NpyHeader.text(array.shape())
              + " for logits of shape "
              + NpyHeader.text(logits.array().shape())
              + ", which need "
              + NpyHeader.text(logits.rowShape()));
    }
  }

  NpyArray array() {
    return array;
  }

  /**
   * Refuses labels that are neither a class nor the ignore index: all of them, before anything is
   * computed.
   *
   * @throws InputException with the first of them
   */
  void check(int classes, int ignoreIndex) throws InputException {
    long rows = array.header().elements();
    for (long row = 0; row < rows; row++) {
      long label = get(row);
      if ((label < 0 || label >= classes) && (label != ignoreIndex || isHuge(label))) {
        throw new InputException(
            array.file()
                + ": labels"
                + index(row)
                + " = "
                + (isHuge(label) ? Long.toUnsignedString(label) : label)
                + " is outside [0, "
                + classes
                + ") and not the ignore index "
                + ignoreIndex);
      }
    }
  }

  /** Whether a label is more than a {@code long} holds, and so looks negative in one. */
  private boolean isHuge(long label) {
    return element == NpyElement.U8 && label < 0;
  }

  /** A row's place along the axes of the labels. */
  private List<Long> index(long row) {
    List<Long> index = new ArrayList<>();
    long rest = row;
    for (long size : array.shape().reversed()) {
      index.addFirst(rest % size);
      rest /= size;
    }
    return index;
  }

  private long get(long row) {
    return switch (element) {
      case I1 -> data.get(ValueLayout.JAVA_BYTE, row);
      case U1 -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, row));
      case I2 -> data.get(shorts, row * Short.BYTES);
      case U2 -> Short.toUnsignedLong(data.get(shorts, row * Short.BYTES));
      case I4 -> data.get(ints, row * Integer.BYTES);
      case U4 -> Integer.toUnsignedLong(data.get(ints, row * Integer.BYTES));
      case I8, U8 -> data.get(longs, row * Long.BYTES);
      default -> throw new IllegalStateException(element + " is no integer");
    };
  }

  /** Copies checked labels. */
  void copy(long from, int[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (int) get(from + i);
    }
  }
}
