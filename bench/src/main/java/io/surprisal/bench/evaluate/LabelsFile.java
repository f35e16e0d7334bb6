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
  private final boolean swapped;

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
    swapped = array.header().order() != ByteOrder.nativeOrder();
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
      case I2 -> getShort(row);
      case U2 -> Short.toUnsignedLong(getShort(row));
      case I4 -> getInt(row);
      case U4 -> Integer.toUnsignedLong(getInt(row));
      case I8, U8 -> getLong(row);
      default -> throw new IllegalStateException(element + " is no integer");
    };
  }

  private short getShort(long row) {
    short label = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, row * Short.BYTES);
    return swapped ? Short.reverseBytes(label) : label;
  }

  private int getInt(long row) {
    int label = data.get(ValueLayout.JAVA_INT_UNALIGNED, row * Integer.BYTES);
    return swapped ? Integer.reverseBytes(label) : label;
  }

  private long getLong(long row) {
    long label = data.get(ValueLayout.JAVA_LONG_UNALIGNED, row * Long.BYTES);
    return swapped ? Long.reverseBytes(label) : label;
  }

  /** Copies checked labels. */
  void copy(long from, int[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (int) get(from + i);
    }
  }
}
