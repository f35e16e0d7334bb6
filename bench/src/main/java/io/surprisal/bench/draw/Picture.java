package io.surprisal.bench.draw;

import java.util.List;

/**
 * What is shown together: drawings with one title, one key and the sentences that say what one
 * sees.
 *
 * @param id unique on the page
 * @param title of the whole
 * @param key which style stands for what
 * @param panels from left to right, and on a narrow screen from top to bottom
 * @param sentences what one sees
 */
public record Picture(
    String id, String title, List<Key> key, List<Panel> panels, List<String> sentences) {

  private static final double MARGIN = 20;
  private static final double GAP = 36;
  private static final double HEAD = 62;

  /**
   * An entry of the key.
   *
   * @param style of a series
   * @param words what it stands for
   */
  public record Key(String style, String words) {}

  /** As a part of a page. */
  public Markup figure() {
    Markup panelList = Markup.of("div", panels.size() == 1 ? "panels one" : "panels");
    panels.forEach(panel -> panelList.add(panel.drawing()));
    Markup caption = Markup.of("figcaption");
    sentences.forEach(sentence -> caption.add(Markup.of("p").text(sentence)));
    Markup figure = Markup.of("figure").with("id", id).add(Markup.of("h3").text(title));
    if (!key.isEmpty()) {
      figure.add(keyList());
    }
    return figure.add(panelList, caption);
  }

  private Markup keyList() {
    Markup list = Markup.of("ul", "key");
    for (Key entry : key) {
      list.add(Markup.of("li").add(Markup.of("i", "swatch " + entry.style)).text(entry.words));
    }
    return list;
  }

  /** As an SVG file of its own, with its style sheet in it. */
  public String file() {
    double width = 2 * MARGIN + panels.size() * Panel.WIDTH + (panels.size() - 1) * GAP;
    double tallest = panels.stream().mapToDouble(Panel::height).max().orElseThrow();
    double height = HEAD + tallest + MARGIN;
    Markup svg =
        Markup.of("svg", "file")
            .with("xmlns", "http://www.w3.org/2000/svg")
            .with("viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(height))
            .with("width", width)
            .with("height", height)
            .with("role", "img")
            .with("aria-label", title + ". " + String.join(" ", sentences))
            .add(Markup.of("style").text(StyleSheet.PICTURES.text()))
            .add(Markup.of("rect", "ground").with("width", width).with("height", height))
            .add(Panel.text(MARGIN, 30, "start", "title", title));
    addKey(svg);
    for (int i = 0; i < panels.size(); i++) {
      double x = MARGIN + i * (Panel.WIDTH + GAP);
      Panel panel = panels.get(i);
      svg.add(
          panel
              .drawing()
              .with("x", x)
              .with("y", HEAD)
              .with("width", Panel.WIDTH)
              .with("height", panel.height()));
    }
    return svg + "\n";
  }

  private void addKey(Markup svg) {
    double x = MARGIN;
    for (Key entry : key) {
      svg.add(
          Markup.of("rect", "mark " + entry.style)
              .with("x", x)
              .with("y", 42)
              .with("width", 10)
              .with("height", 10)
              .with("rx", 2));
      svg.add(Panel.text(x + 15, 51, "start", "tick", entry.words));
      x += 15 + 6.2 * entry.words.length() + 18;
    }
  }
}
