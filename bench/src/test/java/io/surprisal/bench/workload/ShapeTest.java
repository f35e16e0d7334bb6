package io.surprisal.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @Test
  void textIsRowsTimesClasses() {
    Shape shape = Shape.parse("64x128256");
    assertEquals(new Shape(64, 128_256), shape);
    assertEquals("64x128256", shape.toString());
    assertEquals(8_208_384, shape.elements());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "3",
        "3x",
        "x3",
        "0x3",
        "3x0",
        "-1x3",
        "3X4",
        "3 x 4",
        "3x4x5",
        "\u0663x\u0664",
        "2147483648x1",
        "65536x65536",
        "99999999999x1"
      })
  void otherTextsAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Shape.parse(text));
  }
}
