package io.surprisal.bench.spark;

import java.util.Arrays;
import java.util.Optional;

/** Runs a main class no longer than another process lives. */
final class Tethered {
  private Tethered() {}

  /** Arguments: the other process, the main class, and its arguments. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Optional<ProcessHandle> other = ProcessHandle.of(Long.parseLong(arguments[0]));
    Thread.ofPlatform().daemon().start(() -> endWith(other));
    Class.forName(arguments[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
  }

  private static void endWith(Optional<ProcessHandle> other) {
    if (other.isPresent()) {
      other.get().onExit().join();
    }
    Runtime.getRuntime().halt(1);
  }
}
