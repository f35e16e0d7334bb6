package io.surprisal.bench.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelPlacesTest {
  @Test
  void labelsOfOnePointTakePlacesOfTheirOwn() {
    LabelPlaces labels = new LabelPlaces();
    labels.avoid(100, 100);
    Set<String> places = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      places.add(labels.place(100, 100, "note", "128 k").toString());
    }
    assertEquals(4, places.size());
  }

  @Test
  void labelIsRightOfItsPointWhereThatIsFree() {
    String free = new LabelPlaces().place(100, 100, "note", "10").toString();
    LabelPlaces labels = new LabelPlaces();
    labels.avoid(110, 100);
    assertNotEquals(free, labels.place(100, 100, "note", "10").toString());
  }
}
