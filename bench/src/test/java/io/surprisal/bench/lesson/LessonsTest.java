package io.surprisal.bench.lesson;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.draw.Picture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pictures say is what they are drawn for. */
class LessonsTest {
  private final List<Picture> pictures = Lessons.pictures();

  private String sentence(String id) {
    return pictures.stream()
        .filter(picture -> picture.id().equals(id))
        .findFirst()
        .orElseThrow()
        .sentences()
        .getFirst();
  }

  @Test
  void squaredErrorHardlyLearnsFromWhatIsConfidentlyWrong() {
    // σ(−6) = 0.00247: gradients p − 1 and 2(p − 1)·p·(1 − p).
    String words = sentence("loss-and-gradient");
    assertTrue(words.contains("cross-entropy is −0.998"), words);
    assertTrue(words.contains("squared error is −0.00492"), words);
    assertTrue(words.contains("203 times less"), words);
  }

  @Test
  void usualLossOfAConfidentRowIsZeroAndOursIsRight() {
    // 9·e^−g is half an ulp of 1, 2^−24, at g = 18.8; each e^−g alone, added to 1, at 16.6.
    String words = sentence("confident-row");
    assertTrue(words.contains("from 16.75 on it is 0"), words);
    assertTrue(words.contains("10⁻⁸ of the exact one"), words);
  }
}
