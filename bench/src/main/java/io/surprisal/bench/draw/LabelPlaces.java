package io.surprisal.bench.draw;

import java.util.ArrayList;
import java.util.List;

/** Finds a free place beside a point for each label, so that none lies over another or a point. */
final class LabelPlaces {
  private static final double CHARACTER = 6.6;
  private static final double HEIGHT = 12;
  private static final double DISTANCE = 7;

  /** What is taken. */
  private final List<Box> taken = new ArrayList<>();

  private record Box(double left, double top, double right, double bottom) {
    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  /** Keeps labels off a point. */
  void avoid(double x, double y) {
    taken.add(new Box(x - 4, y - 4, x + 4, y + 4));
  }

  /** The label of a point: right of it, else left, above or below; else right all the same. */
  Markup place(double x, double y, String styleClass, String words) {
    double width = CHARACTER * words.length();
    double[][] lefts = {
      {x + DISTANCE, y - HEIGHT / 2},
      {x - DISTANCE - width, y - HEIGHT / 2},
      {x - width / 2, y - DISTANCE - HEIGHT},
      {x - width / 2, y + DISTANCE},
      {x + DISTANCE, y - HEIGHT - 1},
      {x + DISTANCE, y + 1}
    };
    double[] chosen = lefts[0];
    for (double[] left : lefts) {
      Box box = new Box(left[0], left[1], left[0] + width, left[1] + HEIGHT);
      if (taken.stream().noneMatch(box::meets)) {
        chosen = left;
        taken.add(box);
        break;
      }
    }
    return Panel.text(chosen[0] + width / 2, chosen[1] + HEIGHT - 2, "middle", styleClass, words);
  }
}
