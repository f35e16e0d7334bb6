package io.surprisal.bench.page;

import io.surprisal.bench.draw.Numbers;
import io.surprisal.bench.workload.Operation;
import io.surprisal.bench.workload.Shape;
import java.util.List;
import java.util.stream.DoubleStream;

/** Sentences and names that several pictures have. */
final class Words {
  /** The unit of speeds. */
  static final String GIGA_LOGITS = "10⁹ logits a second";

  private Words() {}

  static String operation(Operation operation) {
    return switch (operation) {
      case LOG_SUM_EXP -> "Log-sum-exp";
      case FORWARD -> "Loss";
      case FORWARD_AND_GRADIENT -> "Loss and gradient";
      case GRADIENT_IN_PLACE -> "Gradient in place";
      case GRADIENT_ADDED -> "Gradient added";
    };
  }

  static String threads(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  static String shape(Shape shape) {
    return shape.rows() + " × " + shape.classes();
  }

  /** As "6.4 to 27". */
  static String range(List<Double> ratios) {
    String low = Numbers.times(smallest(ratios));
    String high = Numbers.times(largest(ratios));
    return low.equals(high) ? low : low + " to " + high;
  }

  static double smallest(List<Double> values) {
    return stream(values).min().orElseThrow();
  }

  static double largest(List<Double> values) {
    return stream(values).max().orElseThrow();
  }

  private static DoubleStream stream(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue);
  }
}
