package io.surprisal.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.surprisal.LabelType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Labels of one type in a memory segment: read one by one, as there is one a row. */
public final class LabelMemory {
  private final MemorySegment segment;
  private final LabelType type;
  private final boolean swapped;
  private final boolean confined;

  /**
   * The labels of a segment.
   *
   * @param segment where they are
   * @param type what they are
   * @param order of their bytes
   */
  public LabelMemory(MemorySegment segment, LabelType type, ByteOrder order) {
    this.segment = segment;
    this.type = type;
    swapped = order != ByteOrder.nativeOrder();
    confined = Memory.isConfined(segment);
  }

  /**
   * Where they are.
   *
   * @return the segment
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * What they are.
   *
   * @return the type
   */
  public LabelType type() {
    return type;
  }

  /**
   * In which order their bytes are.
   *
   * @return little-endian or big-endian
   */
  public ByteOrder order() {
    boolean little = swapped != (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** Whether a single thread may look at them. */
  boolean isConfined() {
    return confined;
  }

  /**
   * One label.
   *
   * @param row its place
   * @return the label as it is stored
   */
  public long get(int row) {
    try {
      return load((long) row * type.bytes());
    } catch (IllegalStateException e) {
      throw Memory.closed(e);
    }
  }

  private long load(long place) {
    return switch (type) {
      case UINT8 -> segment.get(JAVA_BYTE, place) & 0xFF;
      case INT16 -> {
        short label = segment.get(JAVA_SHORT_UNALIGNED, place);
        yield swapped ? Short.reverseBytes(label) : label;
      }
      case INT32 -> {
        int label = segment.get(JAVA_INT_UNALIGNED, place);
        yield swapped ? Integer.reverseBytes(label) : label;
      }
      case INT64 -> {
        long label = segment.get(JAVA_LONG_UNALIGNED, place);
        yield swapped ? Long.reverseBytes(label) : label;
      }
    };
  }
}
