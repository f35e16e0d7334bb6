package io.surprisal;

import io.surprisal.internal.DoublePass;
import io.surprisal.internal.Head;
import io.surprisal.internal.Pass;
import io.surprisal.internal.SoftmaxPass;

/** Passes over logits alone, set up from checked arguments. */
final class UnlabelledPass {
  private UnlabelledPass() {}

  static Pass of(Execution execution, Head head, Matrix logits) {
    if (DoubleArguments.isDouble(logits)) {
      DoublePass pass = DoublePass.acquire();
      pass.kernel = execution.kernel().doubles();
      pass.elementary = execution.kernel().softmax();
      pass.head = head;
      pass.rows = logits.rows();
      pass.classes = logits.classes();
      DoubleArguments.set(pass.logits, logits);
      return pass;
    }
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = execution.kernel().softmax();
    pass.head = head;
    pass.rows = logits.rows();
    pass.classes = logits.classes();
    pass.logits.set(logits.data(), logits.offset(), logits.rowStride());
    return pass;
  }

  static Pass of(Execution execution, Head head, Matrix logits, Matrix out) {
    Pass pass = of(execution, head, logits);
    DoubleArguments.set(pass.out, out);
    return pass;
  }

  /** Checks and runs a map of the logits into another matrix. */
  static void forward(Execution execution, Head head, Matrix logits, Matrix out) {
    Checks.shape("out", out, logits);
    DoubleArguments.checkSame("out", out, logits);
    Checks.overlap("out", out, "logits", logits);
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
    DoubleArguments.refuse("upstream rows", logits, upstream, gradient);
    SoftmaxPass pass = (SoftmaxPass) of(execution, head, logits, gradient);
    pass.upstream.set(upstream.data(), upstream.offset(), upstream.rowStride());
    pass.run(execution.pool());
    pass.release();
  }
}
