package io.surprisal;

import io.surprisal.internal.Head;
import io.surprisal.internal.SoftmaxPass;

/** Passes over logits alone, set up from checked arguments. */
final class UnlabelledPass {
  private UnlabelledPass() {}

  static SoftmaxPass of(Execution execution, Head head, Matrix logits) {
    SoftmaxPass pass = SoftmaxPass.acquire();
    pass.kernel = execution.kernel().softmax();
    pass.head = head;
    pass.rows = logits.rows();
    pass.classes = logits.classes();
    logits.place(pass.logits);
    return pass;
  }

  static SoftmaxPass of(Execution execution, Head head, Matrix logits, Matrix out) {
    SoftmaxPass pass = of(execution, head, logits);
    out.place(pass.out);
    return pass;
  }

  /** Checks and runs a map of the logits into another matrix. */
  static void forward(Execution execution, Head head, Matrix logits, Matrix out) {
    Checks.shape("out", out, logits);
    Checks.overlap("out", out, "logits", logits);
    SoftmaxPass pass = of(execution, head, logits, out);
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
    SoftmaxPass pass = of(execution, head, logits, gradient);
    upstream.place(pass.upstream);
    pass.run(execution.pool());
    pass.release();
  }
}
