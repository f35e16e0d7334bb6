package io.surprisal.internal;

import io.surprisal.spi.Availability;
import io.surprisal.spi.Availability.Verdict;
import io.surprisal.spi.DoubleKernel;
import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.SoftmaxKernel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Which kernels there are and which one serves, decided once, with a reason in words for each that
 * does not.
 *
 * <p>A provider that cannot be loaded, or a kernel that fails its self-test, is an error: a broken
 * jar must not look like a fallback.
 */
public final class KernelSelection {
  /** Forces a kernel by name. */
  static final String FORCE = "surprisal.kernel";

  private static final System.Logger LOGGER = System.getLogger("io.surprisal");

  private static List<Candidate> candidates;
  private static volatile Candidate preferred;

  private KernelSelection() {}

  /** A provider with its answer and, where it can run, its kernel. */
  public static final class Candidate {
    private final KernelProvider provider;
    private final Availability availability;
    private SoftmaxKernel kernel;
    private DoubleKernel doubleKernel;
    private ElementKernel elementKernel;

    Candidate(KernelProvider provider) {
      this.provider = provider;
      this.availability =
          isSwitchedOff()
              ? Availability.impossible("switched off by -D" + enabled() + "=false")
              : provider.availability();
    }

    /** The property that switches this kernel off. */
    private String enabled() {
      return "surprisal." + name() + ".enabled";
    }

    private boolean isSwitchedOff() {
      return "false".equalsIgnoreCase(System.getProperty(enabled()));
    }

    /** What somebody asked for is no reason to warn. */
    private System.Logger.Level levelOfRefusal() {
      return isSwitchedOff() ? System.Logger.Level.INFO : System.Logger.Level.WARNING;
    }

    /**
     * Its name.
     *
     * @return the provider's
     */
    public String name() {
      return provider.name();
    }

    /**
     * Whether it can run.
     *
     * @return the provider's answer
     */
    public Availability availability() {
      return availability;
    }

    /**
     * The kernel, made and tested the first time.
     *
     * @return the kernel
     * @throws IllegalStateException if it fails its self-test
     */
    public synchronized SoftmaxKernel kernel() {
      if (kernel == null) {
        SoftmaxKernel made = provider.kernel();
        SelfTest.check(name(), made);
        kernel = made;
      }
      return kernel;
    }

    /**
     * The kernel of logits in double, made and tested the first time.
     *
     * @return the kernel
     * @throws IllegalStateException if it fails its self-test
     */
    public synchronized DoubleKernel doubleKernel() {
      if (doubleKernel == null) {
        DoubleKernel made = provider.doubleKernel();
        DoubleSelfTest.check(name(), made);
        doubleKernel = made;
      }
      return doubleKernel;
    }

    /**
     * The kernel of losses of single elements, made and tested the first time.
     *
     * @return the kernel
     * @throws IllegalStateException if it fails its self-test
     */
    public synchronized ElementKernel elementKernel() {
      if (elementKernel == null) {
        ElementKernel made = provider.elementKernel();
        ElementSelfTest.check(name(), made);
        elementKernel = made;
      }
      return elementKernel;
    }

    private boolean is(Verdict verdict) {
      return availability.verdict() == verdict;
    }

    private String line() {
      return name() + ": " + availability.reason();
    }
  }

  /** The candidates, the best first and equals by name, found when first needed. */
  private static synchronized List<Candidate> candidates() {
    if (candidates == null) {
      List<Candidate> found = new ArrayList<>();
      for (KernelProvider provider :
          ServiceLoader.load(KernelProvider.class, KernelProvider.class.getClassLoader())) {
        found.add(new Candidate(provider));
      }
      checkNames(found);
      Comparator<Candidate> byRank =
          Comparator.comparingInt(candidate -> candidate.provider.rank());
      found.sort(byRank.reversed().thenComparing(Candidate::name));
      candidates = List.copyOf(found);
    }
    return candidates;
  }

  /** Refuses two of one name: which of them served would be chance. */
  private static void checkNames(List<Candidate> found) {
    Map<String, Candidate> byName = new HashMap<>();
    for (Candidate candidate : found) {
      Candidate other = byName.put(candidate.name(), candidate);
      if (other != null) {
        throw new IllegalStateException(
            "two kernels are named '"
                + candidate.name()
                + "': "
                + other.provider.getClass().getName()
                + " and "
                + candidate.provider.getClass().getName());
      }
    }
  }

  /**
   * The kernel that serves.
   *
   * @return the one forced, else the usable one of highest rank
   * @throws IllegalStateException if there is none
   */
  public static Candidate preferred() {
    Candidate chosen = preferred;
    return chosen == null ? choose() : chosen;
  }

  private static synchronized Candidate choose() {
    if (preferred == null) {
      String forced = System.getProperty(FORCE);
      Candidate chosen = forced == null ? best() : forced(forced);
      String why = forced == null ? "preferred" : "forced by -D" + FORCE;
      LOGGER.log(System.Logger.Level.INFO, "kernel {0} ({1})", chosen.line(), why);
      preferred = chosen;
    }
    return preferred;
  }

  private static Candidate best() {
    for (Candidate candidate : candidates()) {
      if (candidate.is(Verdict.USABLE)) {
        return candidate;
      }
      LOGGER.log(candidate.levelOfRefusal(), "not used, {0}", candidate.line());
    }
    throw new IllegalStateException(
        "no kernel runs at full speed; on the class or module path there must be"
            + " surprisal-kernels-vector or surprisal-kernels-scalar, or a slow one forced by -D"
            + FORCE
            + ". Found: "
            + reasons());
  }

  private static Candidate forced(String name) {
    try {
      return named(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("-D" + FORCE + "=" + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * A kernel by name.
   *
   * @param name its name
   * @return the candidate, usable or slow
   * @throws IllegalArgumentException if there is none, or it is impossible
   */
  public static Candidate named(String name) {
    for (Candidate candidate : candidates()) {
      if (candidate.name().equals(name)) {
        if (candidate.is(Verdict.IMPOSSIBLE)) {
          throw new IllegalArgumentException("kernel " + candidate.line());
        }
        return candidate;
      }
    }
    throw new IllegalArgumentException("no kernel is named '" + name + "'; found: " + reasons());
  }

  /**
   * The kernels that can run.
   *
   * @return their names, the best first
   */
  public static List<String> runnable() {
    return candidates().stream()
        .filter(candidate -> !candidate.is(Verdict.IMPOSSIBLE))
        .map(Candidate::name)
        .toList();
  }

  private static String reasons() {
    return candidates().stream().map(Candidate::line).collect(Collectors.joining("; "));
  }
}
