package io.surprisal.internal;

import io.surprisal.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Numbers of one type in a memory segment. Runs of them are brought to floats for the kernels,
 * which know a {@code float[]} only, and brought back.
 *
 * <p>Every access is checked by the JDK: one to a segment that has been closed in the meantime
 * throws, whatever thread does it.
 */
public abstract sealed class Memory permits FloatMemory, HalfMemory, DoubleMemory {
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[4096]);

  /** A thread that owns nothing. */
  private static final Thread STRANGER = Thread.ofPlatform().unstarted(() -> {});

  final MemorySegment segment;

  /** Whether the bytes of a number lie in the other order than the machine's. */
  final boolean swapped;

  private final boolean confined;

  Memory(MemorySegment segment, ByteOrder order) {
    this.segment = segment;
    swapped = order != ByteOrder.nativeOrder();
    confined = isConfined(segment);
  }

  /**
   * The numbers of a segment.
   *
   * @param segment where they are
   * @param type what they are
   * @param order of their bytes
   * @return a view
   */
  public static Memory of(MemorySegment segment, ElementType type, ByteOrder order) {
    return switch (type) {
      case FLOAT -> new FloatMemory(segment, order);
      case DOUBLE -> new DoubleMemory(segment, order);
      case BFLOAT16, FLOAT16 -> new HalfMemory(segment, order, type);
    };
  }

  /**
   * What the numbers are.
   *
   * @return the type
   */
  public abstract ElementType type();

  /**
   * Where they are.
   *
   * @return the segment
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * The order of their bytes.
   *
   * @return the order
   */
  public ByteOrder order() {
    boolean bigEndian = swapped == (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /**
   * Whether a single thread may look at them.
   *
   * @return whether they are confined to it
   */
  public boolean isConfined() {
    return confined;
  }

  /**
   * One number.
   *
   * @param index its place
   * @return the number, without rounding
   */
  public final double get(long index) {
    try {
      return load(index);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Writes one number. */
  final void set(long index, float value) {
    try {
      store(index, value);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Adds to one number, with one rounding. */
  final void add(long index, float value) {
    set(index, sum((float) get(index), value));
  }

  abstract double load(long index);

  abstract void store(long index, float value);

  /** A sum in float, so that rounding it to the type is the one rounding. */
  abstract float sum(float number, float term);

  abstract void load(long index, int count, Stage stage, float[] to, int at);

  abstract void store(long index, int count, Stage stage, float[] from, int at);

  /** Many of these sums. */
  abstract void sum(float[] numbers, int count, float[] terms, int at);

  /** Brings a run of numbers to floats. */
  final void read(long index, int count, Stage stage, float[] to, int at) {
    try {
      load(index, count, stage, to, at);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Brings floats back to a run of numbers. */
  final void write(long index, int count, Stage stage, float[] from, int at) {
    try {
      store(index, count, stage, from, at);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  /** Adds floats to a run of numbers, with one rounding. */
  final void add(long index, int count, Stage stage, float[] from, int at) {
    for (int done = 0, run; done < count; done += run) {
      run = Math.min(count - done, Stage.RUN);
      read(index + done, run, stage, stage.sums, 0);
      sum(stage.sums, run, from, at + done);
      write(index + done, run, stage, stage.sums, 0);
    }
  }

  /** Makes a run of numbers 0. */
  final void clear(long index, int count) {
    long bytes = (long) count * type().bytes();
    long from = index * type().bytes();
    try {
      for (long done = 0, run; done < bytes; done += run) {
        run = Math.min(bytes - done, ZEROS.byteSize());
        MemorySegment.copy(ZEROS, 0, segment, from + done, run);
      }
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  static boolean isConfined(MemorySegment segment) {
    return !segment.isAccessibleBy(STRANGER);
  }

  /** What a caller is told that closes memory which is in use. */
  static IllegalStateException closed(IllegalStateException cause) {
    return new IllegalStateException(
        "a memory segment was closed during the call: what the call writes is incomplete", cause);
  }
}
