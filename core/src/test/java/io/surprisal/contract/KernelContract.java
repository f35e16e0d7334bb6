package io.surprisal.contract;

import io.surprisal.CrossEntropy;
import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.LogSoftmax;
import io.surprisal.LogSumExp;
import io.surprisal.Softmax;

/** What every part of the suite needs: the kernel under test, and the operations run by it. */
public abstract class KernelContract {
  /** The kernel under test. */
  protected abstract Kernel kernel();

  final Execution execution() {
    return Execution.sequential().with(kernel());
  }

  final CrossEntropy.Builder crossEntropy() {
    return CrossEntropy.builder().execution(execution());
  }

  final Softmax softmax() {
    return Softmax.on(execution());
  }

  final LogSoftmax logSoftmax() {
    return LogSoftmax.on(execution());
  }

  final LogSumExp logSumExp() {
    return LogSumExp.on(execution());
  }
}
