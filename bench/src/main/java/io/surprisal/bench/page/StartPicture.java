package io.surprisal.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.surprisal.bench.draw.Bars;
import io.surprisal.bench.draw.Bars.Bar;
import io.surprisal.bench.draw.Chart.Axis;
import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.draw.Panel;
import io.surprisal.bench.draw.Picture;
import io.surprisal.bench.draw.Scale;
import java.util.ArrayList;
import java.util.List;

/** Bars: milliseconds from the JVM's start to the first result and to full speed. */
final class StartPicture {
  private static final String FIRST = "firstResultMillis";
  private static final String FULL = "fullSpeedMillis";

  private StartPicture() {}

  static Picture of(JsonNode document) {
    return new Picture(
        "start",
        "From a cold start",
        List.of(
            new Picture.Key("vector bound", "first result"),
            new Picture.Key("vector", "full speed from here on")),
        List.of(panel(document)),
        List.of(sentence(document)));
  }

  private static Panel panel(JsonNode document) {
    double largest = 0;
    for (JsonNode result : document.path("results")) {
      largest = Math.max(largest, result.path(FULL).doubleValue());
    }
    String title =
        document.path("operation").textValue() + " of " + document.path("shape").textValue();
    Bars bars = new Bars(title, new Axis("milliseconds from the JVM's start", Scale.upTo(largest)));
    List<String> read = new ArrayList<>();
    for (JsonNode result : document.path("results")) {
      String name = result.path("kernel").textValue();
      double first = result.path(FIRST).doubleValue();
      double full = result.path(FULL).doubleValue();
      boolean warmed = result.path("warmUp").booleanValue();
      bars.add(
          new Bars.Group(
              warmed ? name + ", warm" : name,
              List.of(
                  new Bar(name + " bound", first, millis(first)),
                  new Bar(name, full, millis(full))),
              Double.NaN));
      read.add(name + (warmed ? " after warmUp() " : " ") + millis(first) + " and " + millis(full));
    }
    return bars.panel(
        "Time from the JVM's start to the first result and to full speed: "
            + String.join(", ", read)
            + ".");
  }

  private static String millis(double millis) {
    return Numbers.fixed(millis, 0) + " ms";
  }

  private static String micros(double micros) {
    return micros < 1000 ? Numbers.three(micros) + " µs" : Numbers.three(micros / 1000) + " ms";
  }

  private static String sentence(JsonNode document) {
    List<String> parts = new ArrayList<>();
    for (JsonNode result : document.path("results")) {
      parts.add(
          result.path("kernel").textValue()
              + (result.path("warmUp").booleanValue() ? " after warmUp() " : " ")
              + micros(result.path("firstCallMicros").doubleValue())
              + ", later "
              + micros(result.path("steadyCallMicros").doubleValue()));
    }
    int forks = document.path("forks").intValue();
    return "Code of the Vector API is slow until the JVM's optimising compiler is done with it;"
        + " Kernel.warmUp() gets that over with before the first batch. The first call takes: "
        + String.join("; ", parts)
        + ". One thread, "
        + (forks == 1 ? "one JVM" : "the median of " + forks + " JVMs")
        + " for each figure.";
  }
}
