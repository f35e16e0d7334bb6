package io.surprisal.bench.npy;

import java.util.ArrayList;
import java.util.List;

/**
 * The Python dictionary in a header: the type string, the order of the axes, and the shape.
 *
 * <p>A reader of this one literal and of no other Python: three keys, each once, in any order.
 * Everything else is refused at the byte where it stands. One pass, no recursion, nothing is
 * allocated that the text does not pay for.
 */
final class NpyDictionary {
  /** NumPy has no more axes. */
  private static final int MOST_AXES = 64;

  private static final int LONGEST_QUOTE = 60;

  private final String text;
  private int position;
  private String type;
  private Boolean fortranOrder;
  private List<Long> shape;

  private NpyDictionary(String text) {
    this.text = text;
  }

  /** Reads the header's text to its end. */
  static NpyDictionary parse(String text) throws NpyFormatException {
    NpyDictionary dictionary = new NpyDictionary(text);
    dictionary.parse();
    return dictionary;
  }

  /** The type string, for example {@code <f4}. */
  String type() {
    return type;
  }

  /** Whether the first axis is the one whose elements are neighbours. */
  boolean fortranOrder() {
    return fortranOrder;
  }

  /** Sizes of the axes. */
  List<Long> shape() {
    return shape;
  }

  private void parse() throws NpyFormatException {
    expect('{');
    while (!accept('}')) {
      entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipSpaces();
    if (position < text.length()) {
      throw unexpected("the end");
    }
    require(type != null, "descr");
    require(fortranOrder != null, "fortran_order");
    require(shape != null, "shape");
  }

  private static void require(boolean found, String key) throws NpyFormatException {
    if (!found) {
      throw new NpyFormatException("its header has no '" + key + "'");
    }
  }

  private void entry() throws NpyFormatException {
    String key = quoted();
    expect(':');
    switch (key) {
      case "descr" -> {
        once(type == null, key);
        type = typeString();
      }
      case "fortran_order" -> {
        once(fortranOrder == null, key);
        fortranOrder = truth();
      }
      case "shape" -> {
        once(shape == null, key);
        shape = sizes();
      }
      default -> throw new NpyFormatException("its header has an unknown key '" + key + "'");
    }
  }

  private static void once(boolean first, String key) throws NpyFormatException {
    if (!first) {
      throw new NpyFormatException("its header has '" + key + "' twice");
    }
  }

  private String typeString() throws NpyFormatException {
    skipSpaces();
    if (at('[') || at('(') || at('{')) {
      throw new NpyFormatException("its elements are structures, not numbers");
    }
    return quoted();
  }

  private String quoted() throws NpyFormatException {
    skipSpaces();
    if (!at('\'') && !at('"')) {
      throw unexpected("a quote");
    }
    int end = text.indexOf(text.charAt(position), position + 1);
    if (end < 0) {
      throw new NpyFormatException("its header ends within quotes");
    }
    String content = text.substring(position + 1, end);
    if (content.length() > LONGEST_QUOTE || !content.chars().allMatch(NpyDictionary::isPlain)) {
      throw unexpected("a plain word in quotes");
    }
    position = end + 1;
    return content;
  }

  /** Neither an escape of Python's nor anything that would break the line of a message. */
  private static boolean isPlain(int character) {
    return character >= ' ' && character <= '~' && character != '\\';
  }

  private boolean truth() throws NpyFormatException {
    skipSpaces();
    for (String word : List.of("False", "True")) {
      if (text.startsWith(word, position)) {
        position += word.length();
        return word.equals("True");
      }
    }
    throw unexpected("True or False");
  }

  private List<Long> sizes() throws NpyFormatException {
    expect('(');
    List<Long> sizes = new ArrayList<>();
    while (!accept(')')) {
      if (sizes.size() == MOST_AXES) {
        throw new NpyFormatException("its shape has more than " + MOST_AXES + " axes");
      }
      sizes.add(size());
      if (!accept(',')) {
        expect(')');
        // (3) is a number of Python's, (3,) a shape.
        if (sizes.size() == 1) {
          throw new NpyFormatException("its shape is a number, not a tuple");
        }
        break;
      }
    }
    return List.copyOf(sizes);
  }

  private long size() throws NpyFormatException {
    skipSpaces();
    int start = position;
    while (position < text.length() && Character.digit(text.charAt(position), 10) >= 0) {
      position++;
    }
    if (start == position) {
      throw unexpected("a size");
    }
    String digits = text.substring(start, position);
    // As Python 2 wrote longs.
    if (at('L')) {
      position++;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new NpyFormatException("its shape overflows: an axis of " + brief(digits));
    }
  }

  private static String brief(String digits) {
    return digits.length() <= 24 ? digits : digits.length() + " digits";
  }

  private void expect(char character) throws NpyFormatException {
    if (!accept(character)) {
      throw unexpected("'" + character + "'");
    }
  }

  private boolean accept(char character) {
    skipSpaces();
    boolean there = at(character);
    position += there ? 1 : 0;
    return there;
  }

  private boolean at(char character) {
    return position < text.length() && text.charAt(position) == character;
  }

  private void skipSpaces() {
    while (at(' ') || at('\n') || at('\t') || at('\r')) {
      position++;
    }
  }

  private NpyFormatException unexpected(String expected) {
    return new NpyFormatException(
        "its header is not NumPy's: " + expected + " is missing at character " + position);
  }
}
