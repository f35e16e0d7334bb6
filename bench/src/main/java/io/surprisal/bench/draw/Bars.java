package io.surprisal.bench.draw;

import java.util.List;

/** Lying bars in groups, from 0, each with its number behind it. */
public final class Bars {
  private static final double LEFT = 92;
  private static final double TOP = 32;
  private static final double BAR = 13;
  private static final double STEP = BAR + 3;

  private final GroupedDrawing drawing;

  /**
   * A bar.
   *
   * @param style of its series
   * @param value how long it is
   * @param words behind it
   */
  public record Bar(String style, double value, String words) {}

  /**
   * Bars that belong together.
   *
   * @param name before them
   * @param bars from top to bottom
   * @param limit a mark across them, or NaN
   */
  public record Group(String name, List<Bar> bars, double limit) {
    double height() {
      return bars.size() * STEP - (STEP - BAR);
    }
  }

  /** No bars yet. */
  public Bars(String title, Chart.Axis axis) {
    drawing = new GroupedDrawing(title, axis, LEFT, TOP);
  }

  /** Adds a group below the others. */
  public Bars add(Group group) {
    drawing.add(group.name, group.height(), (svg, top) -> paint(svg, group, top));
    return this;
  }

  /** The drawing. */
  public Panel panel(String description) {
    return drawing.paint(drawing.canvas(description));
  }

  /** The limit over the bars, and the words over both. */
  private void paint(Markup svg, Group group, double top) {
    double y = top;
    for (Bar bar : group.bars) {
      svg.add(
          Markup.of("rect", "mark " + bar.style)
              .with("x", LEFT)
              .with("y", y)
              .with("width", Math.max(1, drawing.x(bar.value) - LEFT))
              .with("height", BAR)
              .with("rx", 1.5));
      y += STEP;
    }
    if (!Double.isNaN(group.limit)) {
      double x = drawing.x(group.limit);
      svg.add(Panel.line(x, top - 3, x, top + group.height() + 3, "limit"));
    }
    y = top + BAR - 3;
    for (Bar bar : group.bars) {
      svg.add(Panel.text(drawing.x(bar.value) + 6, y, "start", "value", bar.words));
      y += STEP;
    }
  }
}
