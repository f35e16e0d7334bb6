package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest {
  @Test
  void missingArrayIsNamed() {
    Refusal.ofNull("labels", () -> Labels.of((int[]) null));
    Refusal.ofNull("labels", () -> Labels.of(null, 0, 1));
  }

  @Test
  void wholeArrayIsViewedNotCopied() {
    int[] array = {4, 5, 6};
    Labels labels = Labels.of(array);
    array[1] = 7;
    assertEquals(3, labels.rows());
    assertEquals(7, labels.get(1));
    assertEquals("Labels[3]", labels.toString());
  }

  @Test
  void labelsMayLieWithinAnArray() {
    Labels labels = Labels.of(new int[] {9, 9, 4, 5, 9}, 2, 2);
    assertEquals(2, labels.rows());
    assertEquals(4, labels.get(0));
    assertEquals(5, labels.get(1));
  }

  @Test
  void thereMayBeNone() {
    assertEquals(0, Labels.of().rows());
    assertEquals(0, Labels.of(new int[3], 3, 0).rows());
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 2, offset = -1",
    "-2147483648, 1, offset = -2147483648",
    "0, -1, rows = -1",
    "1, -2147483648, rows = -2147483648"
  })
  void negativeNumberIsNamed(int offset, int rows, String named) {
    Refusal.ofArgument(() -> Labels.of(new int[3], offset, rows), named + " is negative");
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "1, 3", "4, 0", "3, 2147483647", "2147483647, 2147483647"})
  void arrayThatIsTooShortIsRefused(int offset, int rows) {
    Refusal.ofArgument(
        () -> Labels.of(new int[3], offset, rows),
        "labels.length = 3 is too short",
        "offset " + offset + " and " + rows + " rows",
        "need " + ((long) offset + rows));
  }

  @Test
  void rowOutOfRangeIsNamedWithItsRange() {
    Labels labels = Labels.of(new int[] {9, 4, 5, 9}, 1, 2);
    Refusal.ofIndex(() -> labels.get(2), "row", "2", "[0, 2)");
    Refusal.ofIndex(() -> labels.get(-1), "row", "-1", "[0, 2)");
  }
}
