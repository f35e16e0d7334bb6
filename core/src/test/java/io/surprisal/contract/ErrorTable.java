package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Errors of several quantities on each kind of logits, and the bounds that they must keep. */
public final class ErrorTable {
  /** How much larger the root mean square of one kind of logits may be than that of all. */
  private static final double FEW_VALUES = 1.3;

  private final Map<String, EnumMap<LogitKind, Errors>> quantities = new LinkedHashMap<>();

  /** The errors of a quantity on a kind of logits, to add to. */
  public Errors errors(String quantity, LogitKind kind) {
    return quantities
        .computeIfAbsent(quantity, name -> new EnumMap<>(LogitKind.class))
        .computeIfAbsent(kind, name -> new Errors());
  }

  /** The quantities, in the order in which they were measured. */
  public List<String> quantities() {
    return List.copyOf(quantities.keySet());
  }

  /** The errors of a quantity on all kinds of logits. */
  public Errors all(String quantity) {
    Errors all = new Errors();
    quantities.getOrDefault(quantity, new EnumMap<>(LogitKind.class)).values().forEach(all::add);
    return all;
  }

  /**
   * Fails if an error is larger than allowed, or the root mean square is: of all kinds of logits,
   * and with {@link #FEW_VALUES} of each, as some kinds have so few values that nothing averages
   * out.
   */
  public void assertBound(String quantity, double maximum, double rootMeanSquare) {
    Errors all = all(quantity);
    assertTrue(
        all.maximum() <= maximum,
        () ->
            quantity
                + " is off by "
                + all.maximum()
                + " ulp, bound "
                + maximum
                + ": "
                + all.worst());
    assertMeanSquare(quantity, "all", all, rootMeanSquare);
    quantities
        .getOrDefault(quantity, new EnumMap<>(LogitKind.class))
        .forEach(
            (kind, errors) ->
                assertMeanSquare(quantity, kind.name(), errors, FEW_VALUES * rootMeanSquare));
  }

  private static void assertMeanSquare(String quantity, String of, Errors errors, double bound) {
    assertTrue(
        errors.rootMeanSquare() <= bound,
        () ->
            quantity
                + ": root mean square "
                + errors.rootMeanSquare()
                + " of "
                + of
                + " > "
                + bound);
  }

  /** A line a kind of logits, a column a quantity: maximum/root mean square. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-20s", "max/rms in ulp"));
    quantities.keySet().forEach(quantity -> text.append(cell(quantity)));
    for (LogitKind kind : LogitKind.values()) {
      text.append(String.format(Locale.ROOT, "%n%-20s", kind));
      quantities.values().forEach(kinds -> text.append(cell(kinds.get(kind))));
    }
    text.append(String.format(Locale.ROOT, "%n%-20s", "all"));
    quantities.keySet().forEach(quantity -> text.append(cell(all(quantity))));
    return text.toString();
  }

  private static String cell(String text) {
    return String.format(Locale.ROOT, " %14s", text);
  }

  private static String cell(Errors errors) {
    if (errors == null) {
      return cell("");
    }
    return cell(String.format(Locale.ROOT, "%.2f/%.2f", errors.maximum(), errors.rootMeanSquare()));
  }
}
