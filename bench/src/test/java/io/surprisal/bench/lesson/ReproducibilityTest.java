package io.surprisal.bench.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.surprisal.Kernel;
import io.surprisal.bench.console.InputException;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Tiles;
import io.surprisal.bench.report.Machine;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReproducibilityTest {
  private static final List<String> SAME = List.of("ab", "ab");

  /** One measurement, of three JVMs: what it finds, how it is kept, and as the picture of docs/. */
  @Test
  void digestsAreTheSameOnAnyThreadsAndWidth() throws InputException, IOException {
    assumeTrue(Kernel.names().contains("vector"), "the vector kernel cannot run here");
    Reproducibility measured = Reproducibility.measure();
    assertEquals(measured, Reproducibility.of(measured.document(Machine.here())));
    List<Tiles.Row> rows = measured.rows();
    assertEquals("128 bits", rows.getFirst().name());
    assertEquals("plain sum", rows.getLast().name());
    for (Tiles.Row row : rows) {
      assertEquals(Reproducibility.THREADS, row.words().size());
    }
    List<String> digests =
        rows.subList(0, rows.size() - 1).stream()
            .flatMap(row -> row.words().stream())
            .distinct()
            .toList();
    assertEquals(1, digests.size(), digests::toString);
    assertEquals(64, digests.getFirst().length());
    assertTrue(rows.getLast().words().stream().distinct().count() > 1, rows::toString);
    String widest = Kernel.named("vector").description();
    assumeTrue(widest.startsWith("512"), "the table of docs/ has 512 bits, here: " + widest);
    DocumentedPicturesTest.assertDrawn(measured.picture());
  }

  @Test
  void sentenceSaysWhetherAllAreTheSame() {
    assertTrue(sentence(SAME).contains("all 4 are the same"), sentence(SAME));
    String differ = sentence(List.of("ab", "cd"));
    assertTrue(differ.contains("THERE ARE 2 OF THEM"), differ);
  }

  private static String sentence(List<String> digests) {
    Picture picture =
        new Reproducibility(
                List.of(
                    new Tiles.Row("128 bits", SAME),
                    new Tiles.Row("256 bits", digests),
                    new Tiles.Row("plain sum", List.of("1.0", "2.0"))))
            .picture();
    return picture.sentences().getFirst();
  }
}
