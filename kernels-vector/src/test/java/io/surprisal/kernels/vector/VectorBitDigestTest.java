package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.surprisal.Kernel;
import io.surprisal.contract.BitDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The bit contract: at every width and on every machine the same bits, those of the resource. */
class VectorBitDigestTest {
  private static final String PINNED = "vector-digest.txt";

  @Test
  void bitsAreThePinnedOnes() {
    String actual = BitDigest.of(Kernel.named("vector"));
    assertEquals(
        pinned(),
        actual,
        "the bits of the vector kernel have changed. Where that is meant, for every width, put "
            + actual
            + " into src/test/resources/io/surprisal/kernels/vector/"
            + PINNED);
  }

  @Test
  void digestTellsKernelsApart() {
    assertNotEquals(BitDigest.of(Kernel.named("scalar")), BitDigest.of(Kernel.named("vector")));
  }

  private static String pinned() {
    try (InputStream resource = VectorBitDigestTest.class.getResourceAsStream(PINNED)) {
      return resource == null
          ? "not pinned"
          : new String(resource.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
