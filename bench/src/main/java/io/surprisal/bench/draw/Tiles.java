package io.surprisal.bench.draw;

import java.util.List;

/** A table of short words, in which equal words have the same colour. */
public final class Tiles {
  private static final double LEFT = 72;
  private static final double TOP = 58;
  private static final double ROW = 34;
  private static final double GAP = 3;

  /** Colours of the style sheet: beyond them words share the last. */
  private static final int COLOURS = 9;

  private final String title;
  private final String columnsTitle;
  private final List<String> columns;

  /** A table without rows. */
  public Tiles(String title, String columnsTitle, List<String> columns) {
    this.title = title;
    this.columnsTitle = columnsTitle;
    this.columns = columns;
  }

  /**
   * A row of the table.
   *
   * @param name before it
   * @param words one for each column
   */
  public record Row(String name, List<String> words) {}

  /** The drawing. */
  public Panel panel(List<Row> rows, String description) {
    double height = TOP + rows.size() * ROW + 6;
    Markup svg = Panel.canvas(height, description);
    svg.add(Panel.text(0, 14, "start", "head", title));
    svg.add(Panel.text(0, TOP - 10, "start", "axis", columnsTitle));
    double width = (Panel.WIDTH - LEFT) / columns.size();
    for (int i = 0; i < columns.size(); i++) {
      double middle = LEFT + (i + 0.5) * width - GAP / 2;
      svg.add(Panel.text(middle, TOP - 10, "middle", "tick", columns.get(i)));
    }
    List<String> known = rows.stream().flatMap(row -> row.words.stream()).distinct().toList();
    for (int i = 0; i < rows.size(); i++) {
      add(svg, rows.get(i), TOP + i * ROW, known);
    }
    return new Panel(svg, height);
  }

  private void add(Markup svg, Row row, double top, List<String> known) {
    double width = (Panel.WIDTH - LEFT) / columns.size();
    svg.add(Panel.text(0, top + ROW / 2 + 3, "start", "name", row.name));
    for (int i = 0; i < row.words.size(); i++) {
      int colour = Math.min(known.indexOf(row.words.get(i)), COLOURS - 1);
      double x = LEFT + i * width;
      svg.add(
          Markup.of("rect", "tile tile" + colour)
              .with("x", x)
              .with("y", top)
              .with("width", width - GAP)
              .with("height", ROW - GAP)
              .with("rx", 2));
      svg.add(
          Panel.text(x + (width - GAP) / 2, top + ROW / 2 + 2, "middle", "code", row.words.get(i)));
    }
  }
}
