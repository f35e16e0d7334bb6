package io.surprisal.bench.spark;

import java.util.Arrays;

/** Runs a main class no longer than another process lives. */
final class Tethered {
  private Tethered() {}

  /** Arguments: the other process, the main class, and its arguments. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Runnable end = () -> Runtime.getRuntime().halt(1);
    ProcessHandle.of(Long.parseLong(arguments[0]))
        .ifPresentOrElse(other -> other.onExit().thenRun(end), end);
    Class.forName(arguments[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 2, arguments.length));
  }
}
