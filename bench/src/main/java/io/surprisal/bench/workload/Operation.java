package io.surprisal.bench.workload;

import java.util.Arrays;

/** What is measured; the names are those of the benchmarks and of the JSON report. */
public enum Operation {
  /** Log-sum-exp of each row. */
  LOG_SUM_EXP("logSumExp", Traffic.READ),
  /** Mean cross-entropy. */
  FORWARD("forward", Traffic.READ),
  /** Mean cross-entropy and its gradient in another matrix. */
  FORWARD_AND_GRADIENT("forwardAndGradient", Traffic.READ_AND_WRITE),
  /** Mean cross-entropy and its gradient over the logits. */
  GRADIENT_IN_PLACE("gradientInPlace", Traffic.READ_AND_WRITE),
  /** Mean cross-entropy and its gradient added to another matrix. */
  GRADIENT_ADDED("gradientAdded", Traffic.READ_AND_WRITE);

  /** What an operation does to memory at the least. */
  public enum Traffic {
    /** Reads every logit. */
    READ("read"),
    /** Reads every logit and writes a number for each. */
    READ_AND_WRITE("read+write");

    private final String text;

    Traffic(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final String text;
  private final Traffic traffic;

  Operation(String text, Traffic traffic) {
    this.text = text;
    this.traffic = traffic;
  }

  /** The operation of a name. */
  public static Operation parse(String text) {
    return Arrays.stream(values())
        .filter(operation -> operation.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no operation"));
  }

  /** What it does to memory. */
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public String toString() {
    return text;
  }
}
