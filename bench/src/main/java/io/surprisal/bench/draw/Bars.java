package io.surprisal.bench.draw;

import java.util.ArrayList;
import java.util.List;

/** Lying bars in groups, from 0, each with its number behind it. */
public final class Bars {
  private static final double LEFT = 92;
  private static final double RIGHT = Panel.WIDTH - 68;
  private static final double TOP = 32;
  private static final double BAR = 13;
  private static final double GAP = 3;
  private static final double GROUP_GAP = 13;

  private final String title;
  private final Chart.Axis axis;
  private final List<Group> groups = new ArrayList<>();

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
      return bars.size() * (BAR + GAP) - GAP;
    }
  }

  /** No bars yet. */
  public Bars(String title, Chart.Axis axis) {
    this.title = title;
    this.axis = axis;
  }

  /** Adds a group below the others. */
  public Bars add(Group group) {
    groups.add(group);
    return this;
  }

  private double x(double value) {
    return LEFT + (RIGHT - LEFT) * axis.scale().share(value);
  }

  /** The drawing. */
  public Panel panel(String description) {
    double bottom =
        TOP + groups.stream().mapToDouble(group -> group.height() + GROUP_GAP).sum() - 4;
    double height = bottom + 40;
    Markup svg = Panel.canvas(height, description);
    svg.add(Panel.text(0, 14, "start", "head", title));
    for (double tick : axis.scale().ticks()) {
      svg.add(Panel.line(x(tick), TOP - 6, x(tick), bottom, "grid"));
      svg.add(Panel.text(x(tick), bottom + 15, "middle", "tick", axis.scale().name(tick)));
    }
    svg.add(Panel.text(RIGHT, height - 6, "end", "axis", axis.title()));
    double top = TOP;
    for (Group group : groups) {
      add(svg, group, top);
      top += group.height() + GROUP_GAP;
    }
    return new Panel(svg, height);
  }

  private void add(Markup svg, Group group, double top) {
    svg.add(Panel.text(LEFT - 10, top + group.height() / 2 + 4, "end", "name", group.name()));
    double y = top;
    for (Bar bar : group.bars()) {
      svg.add(
          Markup.of("rect", "mark " + bar.style())
              .with("x", LEFT)
              .with("y", y)
              .with("width", Math.max(1, x(bar.value()) - LEFT))
              .with("height", BAR)
              .with("rx", 1.5));
      y += BAR + GAP;
    }
    if (!Double.isNaN(group.limit())) {
      double x = x(group.limit());
      svg.add(Panel.line(x, top - 3, x, top + group.height() + 3, "limit"));
    }
    y = top;
    for (Bar bar : group.bars()) {
      svg.add(Panel.text(x(bar.value()) + 6, y + BAR - 3, "start", "value", bar.words()));
      y += BAR + GAP;
    }
  }
}
