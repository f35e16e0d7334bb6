package io.surprisal.diagnosis;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * One number for the bits of softmax and its relatives, of every loss of logits in float and of
 * binary cross-entropy, on inputs that cover all ways of computing: the bit contract, to be
 * compared between machines, vector widths, interpreter and compiler.
 *
 * <p>A kernel that promises the same bits everywhere pins its digests in the resource {@code
 * META-INF/surprisal/NAME-bits.properties} of its jar, by the names {@code whole} and {@code
 * small}. Inputs come from an integer hash and float arithmetic alone, so they are the same
 * everywhere.
 *
 * {@snippet :
 * String digest = BitDigest.SMALL.of(Execution.parallel()); // the same on every machine
 * boolean kept = BitDigest.SMALL.pinned(Kernel.preferred()).map(digest::equals).orElse(true);
 * }
 */
public enum BitDigest {
  /**
   * Every size at which a kernel changes its way, a second where code is compiled; the last three
   * are large enough to be shared out over threads.
   */
  WHOLE(
      "60x1 60x2 60x3 60x4 60x7 60x10 40x15 40x16 40x31 40x33 30x64 30x65 30x130 30x255 30x256"
          + " 30x1000 6x2049 4x4099 2x16384 2x16389 1x50257 1300x50 100x1000 1x140000"),

  /** A tenth of that, for a JVM that interprets. */
  SMALL("24x1 24x2 24x3 24x4 24x7 24x10 24x33 22x65 3x2049");

  /** Rows and classes. */
  private final String shapes;

  BitDigest(String shapes) {
    this.shapes = shapes;
  }

  /**
   * The digest of what a kernel computes here.
   *
   * @param execution the kernel, and the threads, which must not show in it
   * @return SHA-256 in hexadecimal digits
   */
  public String of(Execution execution) {
    DigestRun run = new DigestRun(execution);
    for (String shape : shapes.split(" ", -1)) {
      int cross = shape.indexOf('x');
      run.add(
          Integer.parseInt(shape.substring(0, cross)),
          Integer.parseInt(shape.substring(cross + 1)));
    }
    return run.digest();
  }

  /**
   * The digest that a kernel promises.
   *
   * @param kernel the kernel
   * @return SHA-256 in hexadecimal digits; empty for a kernel that promises no bits
   */
  public Optional<String> pinned(Kernel kernel) {
    // Kernels are found by this class loader too.
    String resource = "META-INF/surprisal/" + kernel.name() + "-bits.properties";
    try (InputStream in = BitDigest.class.getClassLoader().getResourceAsStream(resource)) {
      Properties digests = new Properties();
      if (in != null) {
        digests.load(in);
      }
      return Optional.ofNullable(digests.getProperty(name().toLowerCase(Locale.ROOT)));
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
