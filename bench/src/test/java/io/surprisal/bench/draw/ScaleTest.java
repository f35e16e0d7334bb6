package io.surprisal.bench.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
  private static List<String> names(Scale scale) {
    return scale.ticks().stream().map(scale::name).toList();
  }

  @ParameterizedTest
  @CsvSource({"6.65, 8, 2", "20, 20, 5", "0.93, 1, 0.2", "3659, 4000, 1000", "1, 1, 0.2"})
  void scaleFromZeroEndsWithARoundNumber(double largest, double end, double step) {
    Scale scale = Scale.upTo(largest);
    assertEquals(end, scale.to(), 1e-9);
    assertEquals(step, scale.ticks().get(1), 1e-9);
    assertEquals(1, scale.share(end), 1e-12);
  }

  @Test
  void logarithmicScaleNamesPowersOfTen() {
    assertEquals(List.of("0.1", "1", "10", "100"), names(Scale.logarithmic(0.05, 200)));
    assertEquals(
        List.of("10⁻¹⁶", "10⁻¹²", "10⁻⁸", "10⁻⁴", "1"), names(Scale.logarithmic(1e-17, 10)));
  }

  @Test
  void logarithmicScaleWithHardlyADecadeNamesNumbersBetween() {
    assertEquals(List.of("5", "10", "20", "50"), names(Scale.logarithmic(4, 60)));
  }

  @Test
  void logarithmicScaleGivesEqualRatiosEqualLengths() {
    Scale scale = Scale.logarithmic(1, 1000);
    assertEquals(1.0 / 3, scale.share(10), 1e-12);
    assertEquals(2.0 / 3, scale.share(100), 1e-12);
  }

  @Test
  void linearScaleHasATickAtEachMultiple() {
    assertEquals(List.of("−1", "−0.75", "−0.5", "−0.25", "0"), names(Scale.linear(-1, 0, 0.25)));
  }
}
