package io.surprisal.bench.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0.5, 0.500",
    "6.6481, 6.65",
    "25816, 25800",
    "99.96, 100",
    "17000000, 1.7·10⁷",
    "-0.7, −0.700",
    "0, 0"
  })
  void threeDigitsAreKept(double value, String text) {
    assertEquals(text, Numbers.three(value));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "16.75, 16.75", "-6, −6", "1e-8, 10⁻⁸", "5.6e-8, 5.6·10⁻⁸", "10000, 10000"})
  void plainNumbersAreShort(double value, String text) {
    assertEquals(text, Numbers.plain(value));
  }

  @ParameterizedTest
  @CsvSource({"10, 10", "1003, 1 k", "32000, 32 k", "50257, 50.3 k", "4194304, 4.2 M"})
  void countsHaveTheirThousands(double value, String text) {
    assertEquals(text, Numbers.count(value));
  }

  @ParameterizedTest
  @CsvSource({"6.44, 6.4", "9.94, 9.9", "9.96, 10", "28.2, 28", "0.04, 0.0"})
  void timesHaveADecimalBelowTen(double ratio, String text) {
    assertEquals(text, Numbers.times(ratio));
  }
}
