package io.surprisal.bench.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MarkupTest {
  @Test
  void whatIsWrittenMeansWhatWasSaid() {
    Markup element =
        Markup.of("p", "a\"b").with("x", 0.1 + 0.2).text("1 < 2 & 3").add(Markup.of("br"));
    assertEquals("<p class=\"a&quot;b\" x=\"0.3\">1 &lt; 2 &amp; 3<br/></p>", element.toString());
  }

  @Test
  void onlyElementsThatHtmlKnowsAsEmptyAreClosedAtOnce() {
    assertEquals("<td></td>", Markup.of("td").toString());
    assertEquals("<line/>", Markup.of("line").toString());
  }

  @Test
  void numbersHaveNoMoreDigitsThanCanBeSeen() {
    assertEquals("12.35", Markup.number(12.345678));
    assertEquals("100", Markup.number(100));
    assertEquals("0", Markup.number(-0.001));
  }
}
