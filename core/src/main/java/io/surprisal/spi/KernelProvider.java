package io.surprisal.spi;

import io.surprisal.internal.DoubleReference;
import io.surprisal.internal.ElementReference;

/**
 * One backend, found through {@link java.util.ServiceLoader}.
 *
 * <p>A provider must load on every JVM: a class that may be missing is mentioned only behind {@link
 * #kernel()} or {@link #elementKernel()}.
 */
public interface KernelProvider {
  /**
   * The name by which users choose this backend, for example {@code "scalar"}.
   *
   * @return a short lower-case name; two providers of one name are refused
   */
  String name();

  /**
   * The order in which backends are tried: the highest usable one serves.
   *
   * @return the rank; the scalar reference has 0; of equals the first by name serves
   */
  int rank();

  /**
   * Whether this JVM can run the backend, and why not.
   *
   * @return the answer, computed without touching the kernel itself
   */
  Availability availability();

  /**
   * Makes the kernel. Called only where {@link #availability()} is not impossible.
   *
   * @return a kernel that any number of threads may use at the same time
   */
  SoftmaxKernel kernel();

  /**
   * Makes the kernel of logits in double. Called as {@link #kernel()} is.
   *
   * @return a kernel that any number of threads may use at the same time; by default the reference,
   *     plain loops
   */
  default DoubleKernel doubleKernel() {
    return new DoubleReference();
  }

  /**
   * Makes the kernel of the losses of single elements. Called as {@link #kernel()} is.
   *
   * @return a kernel that any number of threads may use at the same time; by default the reference,
   *     plain loops in double
   */
  default ElementKernel elementKernel() {
    return new ElementReference();
  }
}
