package io.surprisal.bench.draw;

import io.surprisal.bench.draw.Chart.Axis;
import java.util.ArrayList;
import java.util.List;

/** Named groups below each other over one axis: where they stand, their names, grid and title. */
final class GroupedDrawing {
  private static final double RIGHT = Panel.WIDTH - 64;
  private static final double GAP = 13;
  private static final double FOOT = 40;

  private final String title;
  private final Axis axis;
  private final double left;
  private final double top;
  private final List<Group> groups = new ArrayList<>();

  /** Draws what is in a group. */
  @FunctionalInterface
  interface Painter {
    void paint(Markup svg, double top);
  }

  private record Group(String name, double height, Painter painter) {}

  /**
   * Without groups.
   *
   * @param left room for names
   * @param top room for the title and what stands below it
   */
  GroupedDrawing(String title, Axis axis, double left, double top) {
    this.title = title;
    this.axis = axis;
    this.left = left;
    this.top = top;
  }

  /** Adds a group below the others. */
  void add(String name, double height, Painter painter) {
    groups.add(new Group(name, height, painter));
  }

  /** Where a number lies; at the edge if it is beyond. */
  double x(double value) {
    return left + (RIGHT - left) * Math.clamp(axis.scale().share(value), 0, 1);
  }

  /** Where the groups end. */
  double bottom() {
    return top + groups.stream().mapToDouble(group -> group.height + GAP).sum() - GAP / 3;
  }

  /** Title, axis and grid, behind what is drawn on it by {@link #paint}. */
  Markup canvas(String description) {
    double bottom = bottom();
    Markup svg = Panel.canvas(bottom + FOOT, description);
    svg.add(Panel.text(0, 14, "start", "head", title));
    for (double tick : axis.scale().ticks()) {
      svg.add(Panel.line(x(tick), top - 6, x(tick), bottom, "grid"));
      svg.add(Panel.text(x(tick), bottom + 15, "middle", "tick", axis.scale().name(tick)));
    }
    svg.add(Panel.text(RIGHT, bottom + FOOT - 6, "end", "axis", axis.title()));
    return svg;
  }

  /** Draws the groups. */
  Panel paint(Markup svg) {
    double y = top;
    for (Group group : groups) {
      svg.add(Panel.text(left - 10, y + group.height / 2 + 4, "end", "name", group.name));
      group.painter.paint(svg, y);
      y += group.height + GAP;
    }
    return new Panel(svg, bottom() + FOOT);
  }
}
