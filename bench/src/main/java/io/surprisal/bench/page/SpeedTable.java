package io.surprisal.bench.page;

import io.surprisal.bench.draw.Markup;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.workload.Cell;
import java.util.ArrayList;
import java.util.List;

/** Every figure of the comparison, for who wants the number itself. */
final class SpeedTable {
  private static final int WORDS = 2;

  private SpeedTable() {}

  static Markup of(Speeds speeds) {
    Markup body = Markup.of("tbody");
    Cell last = null;
    for (Cell cell : speeds.cells()) {
      boolean next = last == null || !last.shape().equals(cell.shape());
      Markup row = next ? Markup.of("tr", "next") : Markup.of("tr");
      List<String> words = row(speeds, cell);
      words.set(0, next ? words.getFirst() : "");
      body.add(fill(row, "td", words));
      last = cell;
    }
    Markup head = Markup.of("thead").add(fill(Markup.of("tr"), "th", heads(speeds)));
    return Markup.of("div", "wide")
        .with("tabindex", "0")
        .with("role", "region")
        .with("aria-label", "All figures")
        .add(Markup.of("table").add(head, body));
  }

  private static Markup fill(Markup row, String name, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      row.add((i < WORDS ? Markup.of(name, "words") : Markup.of(name)).text(words.get(i)));
    }
    return row;
  }

  private static List<String> heads(Speeds speeds) {
    List<String> heads = new ArrayList<>(List.of("shape", "operation", "threads"));
    heads.addAll(speeds.names());
    if (speeds.hasBoth()) {
      heads.add("ratio");
    }
    heads.addAll(List.of("slowest", "GB/s", "memory", "ports", "of lower", "max ulp"));
    return heads;
  }

  private static List<String> row(Speeds speeds, Cell cell) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Words.shape(cell.shape()),
                cell.operation().toString(),
                Integer.toString(cell.threads())));
    speeds.names().forEach(name -> words.add(Numbers.fixed(speeds.giga(cell, name), 3)));
    if (speeds.hasBoth()) {
      words.add(Numbers.times(speeds.ratio(cell, Speeds.VECTOR, Speeds.SCALAR)));
    }
    String best = speeds.names().getLast();
    Speeds.Limits limits = speeds.limits(cell);
    words.add(Numbers.fixed(speeds.speed(cell, best).slowest(), 3));
    words.add(Numbers.fixed(speeds.gigabytes(cell, best), 1));
    words.add(Numbers.fixed(limits.memory(), 2));
    words.add(Double.isInfinite(limits.ports()) ? "–" : Numbers.fixed(limits.ports(), 2));
    double share = 100 * speeds.giga(cell, best) / limits.lower();
    words.add(Numbers.fixed(share, 0) + " % " + limits.binding());
    words.add(Numbers.fixed(speeds.speed(cell, best).ulps(), 1));
    return words;
  }
}
