package io.surprisal.bench.draw;

import java.util.ArrayList;
import java.util.List;

/** From a first number to a second, a line for each series, in groups below each other. */
public final class Dots {
  private static final double LEFT = 142;
  private static final double RIGHT = Panel.WIDTH - 56;
  private static final double TOP = 50;
  private static final double LINE = 15;
  private static final double GROUP_GAP = 12;
  private static final double RADIUS = 3.75;

  private final String title;
  private final Chart.Axis axis;
  private final List<Group> groups = new ArrayList<>();

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
  public record Group(String name, List<Dot> dots) {
    double height() {
      return dots.size() * LINE;
    }
  }

  /** Nothing yet. */
  public Dots(String title, Chart.Axis axis) {
    this.title = title;
    this.axis = axis;
  }

  /** Adds a group below the others. */
  public Dots add(Group group) {
    groups.add(group);
    return this;
  }

  private double x(double value) {
    return LEFT + (RIGHT - LEFT) * Math.clamp(axis.scale().share(value), 0, 1);
  }

  /**
   * The drawing.
   *
   * @param limit where a line goes across all groups
   * @param limitWords what it is
   * @param description for who does not see it
   */
  public Panel panel(double limit, String limitWords, String description) {
    double bottom = TOP + groups.stream().mapToDouble(g -> g.height() + GROUP_GAP).sum() - 4;
    double height = bottom + 40;
    Markup svg = Panel.canvas(height, description);
    svg.add(Panel.text(0, 14, "start", "head", title));
    for (double tick : axis.scale().ticks()) {
      svg.add(Panel.line(x(tick), TOP - 8, x(tick), bottom, "grid"));
      svg.add(Panel.text(x(tick), bottom + 15, "middle", "tick", axis.scale().name(tick)));
    }
    svg.add(Panel.line(x(limit), TOP - 12, x(limit), bottom, "limit"));
    svg.add(Panel.text(x(limit) + 5, TOP - 9, "start", "tick", limitWords));
    svg.add(Panel.text(RIGHT, height - 6, "end", "axis", axis.title()));
    double top = TOP;
    for (Group group : groups) {
      add(svg, group, top);
      top += group.height() + GROUP_GAP;
    }
    return new Panel(svg, height);
  }

  private void add(Markup svg, Group group, double top) {
    svg.add(Panel.text(0, top + group.height() / 2 + 4, "start", "name", group.name));
    double y = top + LINE / 2;
    for (Dot dot : group.dots) {
      double first = x(dot.first);
      double second = x(dot.second);
      svg.add(
          Panel.line(first, y, second, y, "line " + dot.style),
          Markup.of("circle", "ring " + dot.style)
              .with("cx", first)
              .with("cy", y)
              .with("r", RADIUS),
          Markup.of("circle", "mark " + dot.style)
              .with("cx", second)
              .with("cy", y)
              .with("r", RADIUS),
          Panel.text(second + 9, y + 4, "start", "value", Numbers.three(dot.second)));
      y += LINE;
    }
  }
}
