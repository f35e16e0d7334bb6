package io.surprisal.bench.draw;

import java.util.List;

/** From a first number to a second, a line for each series, in groups below each other. */
public final class Dots {
  private static final double LEFT = 148;
  private static final double TOP = 48;
  private static final double LINE = 15;
  private static final double RADIUS = 3.75;

  private final GroupedDrawing drawing;

  /**
   * Two numbers of a series.
   *
   * @param style of the series
   * @param first a ring
   * @param second a dot
   */
  public record Dot(String style, double first, double second) {}

  /**
   * What belongs together.
   *
   * @param name before it
   * @param dots from top to bottom
   */
  public record Group(String name, List<Dot> dots) {}

  /** Nothing yet. */
  public Dots(String title, Chart.Axis axis) {
    drawing = new GroupedDrawing(title, axis, LEFT, TOP);
  }

  /** Adds a group below the others. */
  public Dots add(Group group) {
    double height = group.dots.size() * LINE;
    drawing.add(group.name, height, (svg, top) -> paint(svg, group, top));
    return this;
  }

  /**
   * The drawing.
   *
   * @param limit where a line goes across all groups
   * @param limitWords what it is
   * @param description for who does not see it
   */
  public Panel panel(double limit, String limitWords, String description) {
    Markup svg = drawing.canvas(description);
    double x = drawing.x(limit);
    svg.add(Panel.line(x, TOP - 10, x, drawing.bottom(), "limit"));
    svg.add(Panel.text(x + 5, TOP - 8, "start", "tick", limitWords));
    return drawing.paint(svg);
  }

  private void paint(Markup svg, Group group, double top) {
    double y = top + LINE / 2;
    for (Dot dot : group.dots) {
      double first = drawing.x(dot.first);
      double second = drawing.x(dot.second);
      svg.add(
          Panel.line(first, y, second, y, "line " + dot.style),
          circle("ring " + dot.style, first, y),
          circle("mark " + dot.style, second, y),
          Panel.text(second + 9, y + 4, "start", "value", Numbers.three(dot.second)));
      y += LINE;
    }
  }

  private static Markup circle(String styleClass, double x, double y) {
    return Markup.of("circle", styleClass).with("cx", x).with("cy", y).with("r", RADIUS);
  }
}
