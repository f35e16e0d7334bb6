package io.surprisal.bench.console;

import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a long task is: a bar on a terminal, once it takes longer than two seconds, and nothing
 * at all in a log or a pipe.
 *
 * <p>Closing wipes the bar away, so that what is printed next stands where it stood.
 */
public final class Progress implements AutoCloseable {
  private static final long PATIENCE_NANOS = 2_000_000_000;
  private static final int WIDTH = 79;

  private final String task;
  private final long steps;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private ProgressBar bar;

  /**
   * Progress of a task.
   *
   * @param task two or three words
   * @param steps number of steps, 0 or less where it is not known
   */
  public Progress(String task, long steps) {
    this.task = task;
    this.steps = steps;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /**
   * Says where the task is.
   *
   * @param done steps that are done
   * @param what what comes now, in a few words
   */
  public void at(long done, String what) {
    if (bar == null && terminal && System.nanoTime() - start > PATIENCE_NANOS) {
      bar = newBar();
    }
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(" " + what);
    }
  }

  /** With a consumer of its own: the default one looks for a terminal library in native code. */
  private ProgressBar newBar() {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(Math.max(steps, -1))
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.out, WIDTH))
        .clearDisplayOnFinish()
        .hideEta()
        .build();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
