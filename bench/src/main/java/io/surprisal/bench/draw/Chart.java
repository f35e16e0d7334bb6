package io.surprisal.bench.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Points and lines over two axes.
 *
 * <p>Styles are names of series, {@code vector} or {@code scalar}: their colours are the style
 * sheet's affair, which has others for dark screens.
 */
public final class Chart {
  private static final double HEIGHT = 300;
  private static final double LEFT = 52;
  private static final double RIGHT = Panel.WIDTH - 16;
  private static final double TOP = 46;
  private static final double BOTTOM = HEIGHT - 44;
  private static final double RADIUS = 4;

  private final String title;
  private final Axis horizontal;
  private final Axis vertical;
  private final List<Markup> marks = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private final LabelPlaces places = new LabelPlaces();

  /**
   * An axis.
   *
   * @param title what it shows, with the unit
   * @param scale where numbers lie on it
   */
  public record Axis(String title, Scale scale) {}

  /** A place in the chart. */
  public record Point(double x, double y) {}

  private record Label(String style, Point point, String words) {}

  /** How a point looks. */
  public enum Mark {
    /** A full circle. */
    DOT,
    /** An empty circle. */
    RING,
    /** A full square on its corner. */
    DIAMOND
  }

  /** A chart without anything in it. */
  public Chart(String title, Axis horizontal, Axis vertical) {
    this.title = title;
    this.horizontal = horizontal;
    this.vertical = vertical;
  }

  /** Adds a line through points; one that leaves the chart is cut off at its edge. */
  public Chart line(String style, List<Point> points) {
    String path =
        points.stream()
            .map(point -> Markup.number(x(point.x)) + "," + Markup.number(y(point.y)))
            .collect(Collectors.joining(" "));
    marks.add(Markup.of("polyline", "line " + style).with("points", path));
    return this;
  }

  /** Adds points. */
  public Chart points(String style, Mark mark, List<Point> points) {
    for (Point point : points) {
      marks.add(mark(style, mark, x(point.x), y(point.y)));
      places.avoid(x(point.x), y(point.y));
    }
    return this;
  }

  private static Markup mark(String style, Mark mark, double x, double y) {
    if (mark == Mark.DIAMOND) {
      double half = RADIUS * 1.25;
      String corners =
          "M%s %sl%s %sl-%s %sl-%s -%sz"
              .formatted(
                  Markup.number(x), Markup.number(y - half), half, half, half, half, half, half);
      return Markup.of("path", "mark " + style).with("d", corners);
    }
    return Markup.of("circle", (mark == Mark.RING ? "ring " : "mark ") + style)
        .with("cx", x)
        .with("cy", y)
        .with("r", RADIUS);
  }

  /** Adds words at a point, moved from it by so many units. */
  public Chart note(String style, Point point, double right, double down, String words) {
    String anchor = right < 0 ? "end" : right == 0 ? "middle" : "start";
    marks.add(Panel.text(x(point.x) + right, y(point.y) + down, anchor, "note " + style, words));
    return this;
  }

  /** Adds words beside a point, where there is room for them once everything is drawn. */
  public Chart label(String style, Point point, String words) {
    labels.add(new Label(style, point, words));
    return this;
  }

  private double x(double value) {
    return LEFT + (RIGHT - LEFT) * horizontal.scale.share(value);
  }

  private double y(double value) {
    double y = BOTTOM - (BOTTOM - TOP) * vertical.scale.share(value);
    return Math.clamp(y, TOP, BOTTOM);
  }

  /** The drawing. */
  public Panel panel(String description) {
    Markup svg = Panel.canvas(HEIGHT, description);
    svg.add(Panel.text(0, 14, "start", "head", title));
    svg.add(Panel.text(0, 32, "start", "axis", vertical.title));
    for (double tick : vertical.scale.ticks()) {
      svg.add(Panel.line(LEFT, y(tick), RIGHT, y(tick), "grid"));
      svg.add(Panel.text(LEFT - 8, y(tick) + 4, "end", "tick", vertical.scale.name(tick)));
    }
    for (double tick : horizontal.scale.ticks()) {
      svg.add(Panel.line(x(tick), BOTTOM, x(tick), BOTTOM + 4, "stroke"));
      svg.add(Panel.text(x(tick), BOTTOM + 18, "middle", "tick", horizontal.scale.name(tick)));
    }
    svg.add(Panel.line(LEFT, BOTTOM, RIGHT, BOTTOM, "stroke"));
    svg.add(Panel.text(RIGHT, HEIGHT - 6, "end", "axis", horizontal.title));
    svg.add(marks);
    for (Label label : labels) {
      svg.add(places.place(x(label.point.x), y(label.point.y), "note " + label.style, label.words));
    }
    return new Panel(svg, HEIGHT);
  }
}
