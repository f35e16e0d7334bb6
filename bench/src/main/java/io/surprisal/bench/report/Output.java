package io.surprisal.bench.report;

import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are whole or not there: written beside their place and then moved to it. */
public final class Output {
  private static final String UNFINISHED = ".part";

  private Output() {}

  /**
   * Makes the folders above a file and sees that something can be written there.
   *
   * @throws InputException if not
   */
  public static void prepare(Path file) throws InputException {
    try {
      Files.createDirectories(folder(file));
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      if (isFile(file)) {
        Files.deleteIfExists(Files.createFile(unfinished(file)));
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Writes a file, and the folders above it.
   *
   * @throws InputException if it cannot be written; what was there before is then still there
   */
  public static void write(String text, Path file) throws InputException {
    Path written = isFile(file) ? unfinished(file) : file;
    try {
      Files.createDirectories(folder(file));
      Files.writeString(written, text, StandardCharsets.UTF_8);
      if (!written.equals(file)) {
        move(written, file);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Whether it is, or is to be, a plain file: to a link, a pipe or {@code /dev/stdout} one writes,
   * and never moves another file to its place.
   */
  public static boolean isFile(Path file) {
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
        || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** Two runs at once do not meet in it. */
  private static Path unfinished(Path file) {
    String name = file.getFileName() + "." + ProcessHandle.current().pid() + UNFINISHED;
    return folder(file).resolve(name);
  }

  private static InputException unwritable(Path file, IOException e) {
    return new InputException(
        file + ": cannot be written: " + e.getClass().getSimpleName() + " " + e.getMessage(), e);
  }
}
