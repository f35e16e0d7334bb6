package io.surprisal.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.workload.Cell;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnrestTest {
  private static final Cell CELL = new Cell(new Shape(3, 4), Operation.FORWARD, 2);

  private static String printed(List<Unrest> unrests) {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      Unrest.print(unrests, out);
    }
    return text.toString();
  }

  @Test
  void roundsThatAgreeAreNoUnrest() {
    assertFalse(Unrest.of("vector", CELL, List.of(10.0, 11.9, 11.0)).isMuch());
    assertFalse(Unrest.of("vector", CELL, List.of(10.0)).isMuch());
    assertEquals("", printed(List.of()));
  }

  @Test
  void roundsThatDifferAreNamedInOneLine() {
    Unrest some = Unrest.of("scalar", CELL, List.of(10.0, 12.5));
    Unrest worst = Unrest.of("vector", CELL, List.of(30.0, 10.0));
    assertTrue(some.isMuch());
    assertEquals(3, worst.ratio());
    assertEquals(
        "The machine was busy: rounds of 2 figures differ by more than 1.2 times, vector 3x4"
            + " forward threads 2 by 3.0."
            + System.lineSeparator(),
        printed(List.of(some, worst)));
  }
}
