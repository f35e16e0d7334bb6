package io.surprisal.bench.draw;

/**
 * One drawing of a picture: narrow enough to be read on a telephone without being enlarged; several
 * stand beside each other where there is room.
 *
 * @param drawing the SVG
 * @param height in units of which the width has {@link #WIDTH}
 */
public record Panel(Markup drawing, double height) {
  /** Of every panel. */
  public static final double WIDTH = 460;

  /** An empty drawing that says what it will show. */
  static Markup canvas(double height, String description) {
    return Markup.of("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("viewBox", "0 0 " + Markup.number(WIDTH) + " " + Markup.number(height))
        .with("role", "img")
        .with("aria-label", description);
  }

  /** Text at a place; the anchor is start, middle or end. */
  static Markup text(double x, double y, String anchor, String styleClass, String text) {
    Markup element = Markup.of("text", styleClass).with("x", x).with("y", y);
    return (anchor.equals("start") ? element : element.with("text-anchor", anchor)).text(text);
  }

  static Markup line(double x1, double y1, double x2, double y2, String styleClass) {
    return Markup.of("line", styleClass)
        .with("x1", x1)
        .with("y1", y1)
        .with("x2", x2)
        .with("y2", y2);
  }
}
