package io.surprisal.spi;

import java.util.Objects;

/**
 * A backend's answer to whether it can run here.
 *
 * @param verdict one of three answers
 * @param reason for a person: what is missing and the exact flag to add; for a usable backend what
 *     it found, for example its vector width
 */
public record Availability(Verdict verdict, String reason) {
  /** The three answers. */
  public enum Verdict {
    /** Runs at full speed. */
    USABLE,
    /** Runs with the right results but slowly: serves only when it is asked for by name. */
    SLOW,
    /** Cannot run: asking for it by name is an error. */
    IMPOSSIBLE
  }

  /** Checks that both parts are there. */
  public Availability {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(reason, "reason");
  }

  /**
   * A backend that runs at full speed.
   *
   * @param reason what was found
   * @return the answer
   */
  public static Availability usable(String reason) {
    return new Availability(Verdict.USABLE, reason);
  }

  /**
   * A backend that runs, but slowly.
   *
   * @param reason why, and the flag to change
   * @return the answer
   */
  public static Availability slow(String reason) {
    return new Availability(Verdict.SLOW, reason);
  }

  /**
   * A backend that cannot run.
   *
   * @param reason why, and the flag to add
   * @return the answer
   */
  public static Availability impossible(String reason) {
    return new Availability(Verdict.IMPOSSIBLE, reason);
  }
}
