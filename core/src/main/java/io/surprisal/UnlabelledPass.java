package io.surprisal;

import io.surprisal.internal.DoublePass;
import io.surprisal.internal.Head;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;

/** Passes over logits alone, set up from checked arguments. */
final class UnlabelledPass {
  private UnlabelledPass() {}

  /** A pass on logits of floats or doubles. */
  static Pass of(Execution execution, Head head, Matrix logits) {
    return DoubleArguments.isDouble(logits)
        ? inDoubles(execution, head, logits)
        : inFloats(execution, head, logits);
  }

  private static DoublePass inDoubles(Execution execution, Head head, Matrix logits) {
    Access.check("logits", logits);
    DoublePass pass = DoublePass.acquire();
    pass.kernel = execution.kernel().doubles();
    pass.elementary = execution.kernel().softmax();
    pass.head = head;
    pass.rows = logits.rows();
    pass.classes = logits.classes();
    logits.placeIn(pass.logits);
    return pass;
  }

  /** A pass on logits of floats alone. */
  static SoftmaxPass inFloats(Execution execution, Head head, Matrix logits) {
    Access.toRead("logits", logits);
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = execution.kernel().softmax();
    pass.head = head;
    pass.rows = logits.rows();
    pass.classes = logits.classes();
    logits.placeIn(pass.logits);
    return pass;
  }

  static Pass of(Execution execution, Head head, Matrix logits, Matrix out) {
    Pass pass = of(execution, head, logits);
    out.placeIn(pass.out);
    return pass;
  }

  /** Checks and runs a map of the logits into another matrix. */
  static void forward(Execution execution, Head head, Matrix logits, Matrix out) {
    Checks.shape("out", out, logits);
    Checks.overlap("out", out, "logits", logits);
    DoubleArguments.toWrite("out", out, logits);
    Pass pass = of(execution, head, logits, out);
    pass.run(execution.pool());
    pass.release();
  }

  /** Checks and runs a product of upstream rows with a Jacobian. */
  static void backward(
      Execution execution, Head head, Matrix logits, Matrix upstream, Matrix gradient) {
    Checks.shape("upstream", upstream, logits);
    Checks.shape("gradient", gradient, logits);
    Checks.overlap("gradient", gradient, "logits", logits);
    Checks.overlap("gradient", gradient, "upstream", upstream);
    if (DoubleArguments.isDouble(logits)) {
      backwardInDoubles(execution, head, logits, upstream, gradient);
      return;
    }
    Access.toRead("upstream", upstream);
    Access.toWrite("gradient", gradient);
    SoftmaxPass pass = inFloats(execution, head, logits);
    gradient.placeIn(pass.out);
    upstream.placeIn(pass.upstream);
    pass.run(execution.pool());
    pass.release();
  }

  private static void backwardInDoubles(
      Execution execution, Head head, Matrix logits, Matrix upstream, Matrix gradient) {
    DoubleArguments.sameType("upstream", upstream, logits);
    Access.check("upstream", upstream);
    DoubleArguments.toWrite("gradient", gradient, logits);
    DoublePass pass = inDoubles(execution, head, logits);
    gradient.placeIn(pass.out);
    upstream.placeIn(pass.upstream);
    pass.run(execution.pool());
    pass.release();
  }
}
