package io.surprisal;

import io.surprisal.internal.KernelSelection;
import io.surprisal.spi.Availability;
import io.surprisal.spi.SoftmaxKernel;
import java.util.List;
import java.util.Objects;

/**
 * A backend that computes the passes: the SIMD kernel, the scalar reference, or a stranger's.
 *
 * <p>The preferred one is chosen once, when a kernel is first needed: the usable one of highest
 * rank. System properties: {@code surprisal.kernel} forces one by name; {@code
 * surprisal.vector.enabled=false} switches the SIMD kernel off. What was chosen is logged by the
 * {@link System.Logger} {@code io.surprisal}: one INFO line, and a WARNING where a better kernel
 * could not be used, with the flag that would allow it; INFO where it was switched off.
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

  @Override
  public String toString() {
    return "Kernel[" + name() + ": " + description() + "]";
  }
}
