package io.surprisal.bench.lesson;

import io.surprisal.bench.draw.Picture;
import java.util.List;

/** Pictures that teach: computed anew whenever they are drawn, with the same result everywhere. */
public final class Lessons {
  private Lessons() {}

  /** Those that need no measurement. */
  public static List<Picture> pictures() {
    return List.of(LossCurves.picture(), ConfidentRow.picture());
  }
}
