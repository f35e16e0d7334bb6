package io.surprisal;

import io.surprisal.internal.KernelSelection;
import io.surprisal.spi.Availability;
import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.SoftmaxKernel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A backend that computes the passes: the SIMD kernel, the scalar reference, or a stranger's.
 *
 * <p>The preferred one is chosen once, when a kernel is first needed: the usable one of highest
 * rank. System properties: {@code surprisal.kernel} forces one by name; {@code
 * surprisal.vector.enabled=false} switches the SIMD kernel off. What was chosen is logged by the
 * {@link System.Logger} {@code io.surprisal}: one INFO line, and a WARNING where a better kernel
 * could not be used, with the flag that would allow it; INFO where it was switched off.
 *
 * {@snippet :
 * Kernel kernel = Kernel.preferred();
 * kernel.warmUp(); // compiled when the first request comes
 * System.out.println(kernel.name() + ": " + kernel.description());
 * }
 */
public final class Kernel {
  /** Spares an object a call; a race costs one more object and nothing else. */
  private static Kernel lastUsed;

  private final KernelSelection.Candidate candidate;

  private Kernel(KernelSelection.Candidate candidate) {
    this.candidate = candidate;
  }

  /**
   * The kernel that losses use unless told otherwise.
   *
   * @return the chosen kernel
   * @throws IllegalStateException if {@code surprisal.kernel} names none that can run
   */
  public static Kernel preferred() {
    return of(KernelSelection.preferred());
  }

  /**
   * A kernel by name, for example {@code "scalar"} or {@code "vector"}.
   *
   * @param name its name
   * @return the kernel
   * @throws IllegalArgumentException if there is none of that name or it cannot run here; the
   *     message says why
   */
  public static Kernel named(String name) {
    return of(KernelSelection.named(Objects.requireNonNull(name, "name")));
  }

  /**
   * The names of all kernels that can run here, the best first.
   *
   * @return names for {@link #named}
   */
  public static List<String> names() {
    return KernelSelection.runnable();
  }

  /**
   * The kernel's name.
   *
   * @return for example {@code "vector"}
   */
  public String name() {
    return candidate.name();
  }

  /**
   * What the kernel found: its vector width, or why it is slow.
   *
   * @return a sentence
   */
  public String description() {
    return candidate.availability().reason();
  }

  /**
   * Whether the kernel runs at full speed here.
   *
   * @return false for a SIMD kernel on a JVM without the optimising compiler
   */
  public boolean isFast() {
    return candidate.availability().verdict() == Availability.Verdict.USABLE;
  }

  /**
   * Brings what this kernel computes to full speed: {@link #warmUp(Duration)} with a limit of 30
   * seconds.
   *
   * @return whether full speed was reached
   */
  public boolean warmUp() {
    return warmUp(Duration.ofSeconds(30));
  }

  /**
   * Brings what this kernel computes to full speed: softmax and its relatives, the losses of logits
   * in float with their kinds of options, those of doubles and binary cross-entropy are called
   * again and again on little data, on narrow, middling and wide rows, until the JVM's compilers
   * are done with them and they get no faster. Other element losses and 16-bit storage warm up in
   * their first calls.
   *
   * <p>Code of the Vector API is some hundred times slower before it is compiled, so a program that
   * must answer at full speed from its first batch on calls this when it starts, on a thread of its
   * choice. It takes some seconds of that thread ({@code docs/performance.md} has figures); with
   * other work on all cores longer. Without it the first batches do the same work.
   *
   * @param limit it ends after this time at the latest, and what is compiled by then is fast
   * @return whether full speed was reached before
   * @throws IllegalArgumentException if the limit is negative
   */
  public boolean warmUp(Duration limit) {
    if (Objects.requireNonNull(limit, "limit").isNegative()) {
      throw new IllegalArgumentException("limit = " + limit + " is negative");
    }
    return WarmUp.of(this, TimeUnit.NANOSECONDS.convert(limit));
  }

  private static Kernel of(KernelSelection.Candidate candidate) {
    Kernel last = lastUsed;
    if (last == null || last.candidate != candidate) {
      last = new Kernel(candidate);
      lastUsed = last;
    }
    return last;
  }

  SoftmaxKernel softmax() {
    return candidate.kernel();
  }

  DoubleKernel doubles() {
    return candidate.doubleKernel();
  }

  ElementKernel elements() {
    return candidate.elementKernel();
  }

  @Override
  public String toString() {
    return "Kernel[" + name() + ": " + description() + "]";
  }
}
