package io.surprisal.bench.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.draw.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The pictures in docs/pictures are what is computed. Where they change by intent, {@code mvn
 * verify -Dsurprisal.updateDocs=true} draws them anew.
 */
class DocumentedPicturesTest {
  private static final String UPDATE = "surprisal.updateDocs";
  private static final Path FOLDER = Path.of("..", "docs", "pictures");

  @Test
  void lessonsAreAsTheyAreDrawn() throws IOException {
    for (Picture picture : Lessons.pictures()) {
      assertDrawn(picture);
    }
  }

  static void assertDrawn(Picture picture) throws IOException {
    Path file = FOLDER.resolve(picture.id() + ".svg");
    if (Boolean.getBoolean(UPDATE)) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, picture.file());
    }
    assertTrue(Files.exists(file), () -> file + " is missing; -D" + UPDATE + "=true draws it");
    assertEquals(
        picture.file(),
        Files.readString(file),
        () -> file + " is out of date; -D" + UPDATE + "=true draws it anew");
  }
}
