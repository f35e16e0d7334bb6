package io.surprisal.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.Kernel;
import io.surprisal.contract.AccuracyMeasurement;
import io.surprisal.contract.ErrorTable;
import io.surprisal.contract.Errors;
import io.surprisal.contract.LogitKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of errors in docs/numerics.md is what is measured, at every vector width. Where results
 * change by intent, {@code mvn verify -Dsurprisal.updateDocs=true} writes it anew.
 *
 * <p>The scalar kernel's {@code Math.exp} has other bits on another CPU, but within 1 ulp of
 * double: two decimals of an ulp of float do not show it.
 */
class NumericsTableTest {
  private static final String UPDATE = "surprisal.updateDocs";
  private static final Path DOCUMENT = Path.of("../docs/numerics.md");
  private static final String BEGIN = "<!-- table of errors: begin -->\n";
  private static final String END = "<!-- table of errors: end -->";

  private final ErrorTable vector = AccuracyMeasurement.of(Kernel.named("vector"));
  private final ErrorTable scalar = AccuracyMeasurement.of(Kernel.named("scalar"));

  @Test
  void documentHasTheMeasuredTable() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    assertTrue(begin >= BEGIN.length() && end >= begin, "no marks around the table");
    if (Boolean.getBoolean(UPDATE)) {
      Files.writeString(DOCUMENT, document.substring(0, begin) + table() + document.substring(end));
    } else {
      assertEquals(
          table(),
          document.substring(begin, end),
          () -> DOCUMENT + " is out of date; -D" + UPDATE + "=true writes:\n" + table());
    }
  }

  private String table() {
    List<String> quantities = vector.quantities();
    StringBuilder text = new StringBuilder("| logits |");
    quantities.forEach(quantity -> text.append(' ').append(quantity).append(" | scalar |"));
    text.append("\n|---|").append("---|---|".repeat(quantities.size())).append('\n');
    for (LogitKind kind : LogitKind.values()) {
      text.append(line(kind.name(), table -> quantity -> table.errors(quantity, kind)));
    }
    return text.append(line("all", table -> table::all)).toString();
  }

  /** Vector and scalar beside each other, for each quantity. */
  private String line(String name, Function<ErrorTable, Function<String, Errors>> errors) {
    return vector.quantities().stream()
        .map(
            quantity ->
                cell(errors.apply(vector).apply(quantity))
                    + cell(errors.apply(scalar).apply(quantity)))
        .collect(Collectors.joining("", "| " + name + " |", "\n"));
  }

  private static String cell(Errors errors) {
    return String.format(Locale.ROOT, " %.2f/%.2f |", errors.maximum(), errors.rootMeanSquare());
  }
}
