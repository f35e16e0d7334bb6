package io.surprisal.bench.draw;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An element of HTML or SVG, with its attributes and what is in it.
 *
 * <p>Written so that a browser reads it as HTML and any parser as XML, which the tests do: whatever
 * is opened is closed, except for the elements that HTML knows as empty.
 */
public final class Markup {
  private static final Set<String> EMPTY =
      Set.of("meta", "link", "br", "rect", "line", "circle", "path", "polyline");

  /** Half a pixel of a printer is less than this. */
  private static final int DECIMALS = 2;

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Object> content = new ArrayList<>();

  private Markup(String name) {
    this.name = name;
  }

  /** A new element. */
  public static Markup of(String name) {
    return new Markup(name);
  }

  /** A new element of a class. */
  public static Markup of(String name, String styleClass) {
    return of(name).with("class", styleClass);
  }

  /** Sets an attribute. */
  public Markup with(String attribute, String value) {
    attributes.put(attribute, value);
    return this;
  }

  /** Sets an attribute to a number. */
  public Markup with(String attribute, double value) {
    return with(attribute, number(value));
  }

  /** Puts elements in, after what is there. */
  public Markup add(Markup... elements) {
    content.addAll(List.of(elements));
    return this;
  }

  /** Puts elements in, after what is there. */
  public Markup add(List<Markup> elements) {
    content.addAll(elements);
    return this;
  }

  /** Puts text in, after what is there. */
  public Markup text(String text) {
    content.add(text);
    return this;
  }

  /** A number as SVG reads it, with no more digits than can be seen. */
  static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private void write(StringBuilder out) {
    out.append('<').append(name);
    attributes.forEach(
        (attribute, value) ->
            out.append(' ')
                .append(attribute)
                .append("=\"")
                .append(escaped(value).replace("\"", "&quot;"))
                .append('"'));
    if (EMPTY.contains(name)) {
      out.append("/>");
      return;
    }
    out.append('>');
    for (Object part : content) {
      if (part instanceof Markup element) {
        element.write(out);
      } else {
        out.append(escaped(part.toString()));
      }
    }
    out.append("</").append(name).append('>');
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }
}
