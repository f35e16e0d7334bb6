package io.surprisal.bench.npy;

import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * An array that NumPy saved, in C order, mapped into memory: of any size, none of it on the heap.
 *
 * <p>Why not a library: those on Maven Central that read the format copy the whole into an array of
 * Java's, and know no half-precision floats.
 *
 * <p>The elements begin where the header ends, at any address, so they are read unaligned.
 */
public final class NpyArray {
  private final Path file;
  private final NpyHeader header;
  private final MemorySegment data;

  private NpyArray(Path file, NpyHeader header, MemorySegment data) {
    this.file = file;
    this.header = header;
    this.data = data;
  }

  /**
   * Maps a file.
   *
   * @param file a regular file
   * @param arena at whose end it is unmapped
   * @return the array
   * @throws InputException if there is no such file, or it is none of these
   */
  public static NpyArray map(Path file, Arena arena) throws InputException {
    if (!Files.isRegularFile(file) && Files.exists(file)) {
      throw new InputException(
          file + (Files.isDirectory(file) ? ": is a directory" : ": is no regular file"));
    }
    try (FileChannel channel = FileChannel.open(file)) {
      NpyHeader header = NpyHeaderReader.read(channel);
      MemorySegment data =
          channel.map(MapMode.READ_ONLY, header.dataStart(), header.dataBytes(), arena);
      return new NpyArray(file, header, data);
    } catch (NpyFormatException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Where it lies. */
  public Path file() {
    return file;
  }

  /** Type, byte order, shape. */
  public NpyHeader header() {
    return header;
  }

  /** Sizes of the axes. */
  public List<Long> shape() {
    return header.shape();
  }

  /** The elements, read-only. */
  public MemorySegment data() {
    return data;
  }

  @Override
  public String toString() {
    return header.element() + " " + NpyHeader.text(header.shape());
  }
}
