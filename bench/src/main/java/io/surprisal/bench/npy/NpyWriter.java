package io.surprisal.bench.npy;

import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes floats into a file in NumPy's format, version 1: part by part, in C order.
 *
 * <p>The file is there when all of it is: it is written beside its place and moved there.
 */
public final class NpyWriter implements AutoCloseable {
  private static final String MAGIC = "\u0093NUMPY\u0001\u0000";

  /** Of which the elements' place in the file is a multiple, as NumPy has it. */
  private static final int ALIGNMENT = 64;

  private static final int FLOATS_AT_ONCE = 1 << 14;

  private final Path file;
  private final Path unfinished;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(FLOATS_AT_ONCE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private NpyWriter(Path file, Path unfinished, FileChannel channel) {
    this.file = file;
    this.unfinished = unfinished;
    this.channel = channel;
  }

  /**
   * Begins a file.
   *
   * @param file a new or a regular file
   * @param shape sizes of the axes
   * @return to be filled with as many floats, {@link #finish}ed, and closed in any case
   * @throws InputException if it cannot be written
   */
  public static NpyWriter create(Path file, List<Long> shape) throws InputException {
    Path place = place(file);
    try {
      Path unfinished = Files.createTempFile(folder(place), ".surprisal", ".npy");
      // Should the tool be stopped in between.
      unfinished.toFile().deleteOnExit();
      FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
      NpyWriter writer = new NpyWriter(place, unfinished, channel);
      writer.write(ByteBuffer.wrap(header(shape)));
      return writer;
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Where a link leads, so that the link is kept. */
  private static Path place(Path file) throws InputException {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new InputException(file + ": is no regular file, nothing is written to it");
      }
      return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? file.toRealPath() : file;
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static Path folder(Path file) throws InputException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new InputException(file + ": cannot be written: there is no folder " + folder);
    }
    return folder;
  }

  private static byte[] header(List<Long> shape) {
    StringBuilder text = new StringBuilder("{'descr': '<f4', 'fortran_order': False, 'shape': ");
    text.append(NpyHeader.text(shape)).append(", }");
    int before = MAGIC.length() + Short.BYTES;
    while ((before + text.length() + 1) % ALIGNMENT != 0) {
      text.append(' ');
    }
    text.append('\n');
    String length = "" + (char) (text.length() & 0xFF) + (char) (text.length() >>> Byte.SIZE);
    return (MAGIC + length + text).getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Writes the next floats.
   *
   * @param values of which the first are written
   * @param count how many
   * @throws InputException if they cannot be written
   */
  public void write(float[] values, int count) throws InputException {
    try {
      for (int from = 0; from < count; from += FLOATS_AT_ONCE) {
        int length = Math.min(FLOATS_AT_ONCE, count - from);
        buffer.clear().asFloatBuffer().put(values, from, length);
        write(buffer.limit(length * Float.BYTES));
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Puts the file in its place.
   *
   * @throws InputException if that cannot be done
   */
  public void finish() throws InputException {
    try {
      channel.close();
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static InputException failure(Path file, IOException e) {
    return new InputException(file + ": cannot be written: " + e.getMessage(), e);
  }

  @Override
  public void close() throws InputException {
    try {
      channel.close();
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }
}
