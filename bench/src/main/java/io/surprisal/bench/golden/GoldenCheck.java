package io.surprisal.bench.golden;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.golden.GoldenOperation.Computed;
import io.surprisal.bench.golden.GoldenOperation.Documented;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs golden cases on kernels and counts.
 *
 * <p>For each case the documented rule is computed in double. First the file must agree with it,
 * except where the library decided otherwise than PyTorch; then every kernel's output and gradient
 * must lie within the documented bound of it. A case fails if either fails, on any kernel; it is
 * counted once.
 */
final class GoldenCheck {
  private final Map<String, GoldenOperation> operations = GoldenOperation.all();
  private final List<Kernel> kernels;
  private final List<Mismatch> mismatches = new ArrayList<>();
  private int cases;
  private int failed;
  private final Map<String, Integer> skippedByReason = new TreeMap<>();
  private int decided;

  GoldenCheck(List<Kernel> kernels) {
    this.kernels = kernels;
  }

  /** All cases, skipped ones too. */
  int cases() {
    return cases;
  }

  int failed() {
    return failed;
  }

  /** Cases whose operation the library does not have. */
  int skipped() {
    return skippedByReason.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many cases were skipped for which reason, in words; empty if none was. */
  String skippedInWords() {
    return skippedByReason.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Cases in which PyTorch says something else than the library by decision. */
  int decided() {
    return decided;
  }

  /** The mismatches since the last call: the first of each case and source. */
  List<Mismatch> takeMismatches() {
    List<Mismatch> taken = List.copyOf(mismatches);
    mismatches.clear();
    return taken;
  }

  void run(GoldenCase problem) {
    cases++;
    GoldenOperation operation = operations.get(problem.op());
    if (operation == null) {
      skippedByReason.merge(problem.op(), 1, Integer::sum);
      return;
    }
    int before = mismatches.size();
    Documented documented = operation.document(problem);
    checkFile(problem, documented);
    for (Kernel kernel : kernels) {
      checkKernel(problem, documented, operation, kernel);
    }
    if (mismatches.size() > before) {
      failed++;
    }
  }

  private void checkFile(GoldenCase problem, Documented documented) {
    boolean differs = false;
    for (Part part : parts(documented, new Computed(problem.out(), problem.grad()))) {
      for (int i = 0; i < part.expected.length(); i++) {
        if (part.expected.agrees(i, part.actual[i])) {
          continue;
        }
        if (!part.expected.isDecided(i)) {
          add(problem, "what the file says against the documented rule", part, i);
          return;
        }
        differs = true;
      }
    }
    if (differs) {
      decided++;
    }
  }

  private void checkKernel(
      GoldenCase problem, Documented documented, GoldenOperation operation, Kernel kernel) {
    String source = "kernel " + kernel.name();
    Computed computed;
    try {
      computed = operation.compute(problem, Execution.sequential().with(kernel));
    } catch (RuntimeException e) {
      mismatches.add(new Mismatch(problem, source, "call", "threw " + e));
      return;
    }
    for (Part part : parts(documented, computed)) {
      for (int i = 0; i < part.expected.length(); i++) {
        if (!part.expected.allows(i, part.actual[i])) {
          add(problem, source, part, i);
          return;
        }
      }
    }
  }

  private void add(GoldenCase problem, String source, Part part, int i) {
    String element = part.element(i, problem.classes());
    mismatches.add(Mismatch.of(problem, source, element, part.expected, i, part.actual[i]));
  }

  private record Part(String name, Expectation expected, double[] actual) {
    String element(int i, int classes) {
      boolean matrix = expected.length() % classes == 0 && expected.length() > classes;
      return name + (matrix ? "[" + i / classes + ", " + i % classes + "]" : "[" + i + "]");
    }
  }

  private static List<Part> parts(Documented documented, Computed actual) {
    return List.of(
        new Part("out", documented.out(), actual.out()),
        new Part("grad", documented.grad(), actual.grad()));
  }
}
