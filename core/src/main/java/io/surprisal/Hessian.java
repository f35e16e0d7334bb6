package io.surprisal;

import io.surprisal.internal.HessianHead;
import io.surprisal.internal.SoftmaxPass;
import java.util.Objects;

/**
 * Second derivatives of {@link CrossEntropy} with respect to the logits, of the reduced loss, for
 * boosting and for Newton's method.
 *
 * <p>In each row the Hessian is {@code H = s·R·(diag p − p·pᵀ)}, p = softmax(x), s the factor of
 * the row (sample weight over divisor), and with label smoothing ε and class weights w, W = Σ w:
 *
 * <pre>
 *   R = (1−ε)·w_y + (ε/C)·W          with a label y
 *   R = (1−ε)·Σ w_c·q_c + (ε/C)·W    with dense targets q
 *
 *   diagonal  s·R·p_c·(1 − p_c)
 *   product   s·R·p_c·(v_c − Σ p·v)
 * </pre>
 *
 * <p>Under a logit scale both are with respect to the logits before it. {@code 2·s·R·p·(1 − p)} is
 * an upper bound of H as a diagonal matrix. A Newton step divides by that and a little more, where
 * p may be 0: one by the diagonal itself overshoots, with two classes by as much as it was off.
 *
 * <p>An ignored row is exactly 0. A row of only −∞, or with +∞ or NaN, in logits or direction, or
 * whose targets are not finite, is NaN. A logit of −∞ has entry 0.
 *
 * <p>Error with the vector kernel: diagonal ≤ 4 ulp of the entry and 2^−126 times the factor of the
 * row; product ≤ 4 ulp of {@code s·R·p_c} times the larger of |v_c| and Σ p·|v|, at the largest
 * probability p_m of the larger of {@code (1−p_m)·|v_m|} and {@code Σ_{k≠m} p_k·|v_k|}.
 *
 * <p>Immutable and thread-safe; a call on the calling thread allocates two small objects.
 *
 * {@snippet :
 * Matrix curvature = Matrix.zeros(rows, classes);
 * Batch batch = Batch.of(logits, labels);
 * Hessian.of(CrossEntropy.standard()).diagonal(batch, curvature);
 * CrossEntropy.standard().forwardAndGradient(batch, gradient);
 * float step = -gradient.get(0, 0) / (2 * curvature.get(0, 0) + 1e-6f); // twice the diagonal bounds H
 * }
 */
public final class Hessian {
  private final CrossEntropy loss;
  private final HessianHead[] heads = new HessianHead[4];

  private Hessian(CrossEntropy loss) {
    this.loss = loss;
    for (int i = 0; i < heads.length; i++) {
      heads[i] =
          new HessianHead(
              (i & 1) != 0,
              (i & 2) != 0,
              loss.labelSmoothing(),
              loss.logitScale(),
              loss.classWeights());
    }
  }

  /**
   * Second derivatives of a loss, by its options.
   *
   * @param loss without z-loss and soft cap, which have others
   * @return the operations
   * @throws IllegalArgumentException if the loss has one of them, or smooths over the finite
   *     classes alone
   */
  public static Hessian of(CrossEntropy loss) {
    Objects.requireNonNull(loss, "loss");
    if (loss.zLoss() != 0 || loss.softCap() != Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "zLoss = " + loss.zLoss() + ", softCap = " + loss.softCap() + ": Hessian takes neither");
    }
    if (loss.smoothsFiniteAlone()) {
      throw new IllegalArgumentException(
          "labelSmoothingOverFinite = "
              + loss.labelSmoothing()
              + ": Hessian takes smoothing over all classes alone");
    }
    return new Hessian(loss);
  }

  /**
   * The diagonal.
   *
   * @param batch logits with labels or dense targets
   * @param diagonal {@code [rows × classes]}, written; the logits themselves, or disjoint from them
   * @throws IllegalArgumentException if shapes, overlap or weights do not fit; nothing has been
   *     written then
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index
   */
  public void diagonal(Batch batch, Matrix diagonal) {
    Objects.requireNonNull(diagonal, "diagonal");
    run(batch, null, diagonal);
  }

  /**
   * The product with a direction.
   *
   * @param batch logits with labels or dense targets
   * @param direction v {@code [rows × classes]}, read
   * @param product {@code [rows × classes]}, written; the logits or the direction themselves, or
   *     disjoint from them
   * @throws IllegalArgumentException if shapes, overlap or weights do not fit; nothing has been
   *     written then
   * @throws IndexOutOfBoundsException if a label is out of range and not the ignore index
   */
  public void product(Batch batch, Matrix direction, Matrix product) {
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(product, "product");
    Checks.shape("direction", direction, batch.logits());
    Access.toRead("direction", direction);
    Checks.overlap("product", product, "direction", direction);
    run(batch, direction, product);
  }

  private void run(Batch batch, Matrix direction, Matrix out) {
    Objects.requireNonNull(batch, "batch");
    if (batch.sparseTargets() != null) {
      throw new IllegalArgumentException(
          "the batch has sparse targets, but Hessian takes labels or dense targets");
    }
    Outputs outputs = Outputs.none().withGradient(out);
    Access.check(batch, outputs);
    loss.check(batch, outputs);
    SoftmaxPass pass = loss.acquireSoftmaxPass(batch);
    boolean dense = batch.labels() == null;
    pass.head = heads[(dense ? 1 : 0) + (direction == null ? 0 : 2)];
    if (direction != null) {
      direction.placeIn(pass.upstream);
    }
    loss.run(pass, batch, outputs);
  }

  @Override
  public String toString() {
    return "Hessian[" + loss + "]";
  }
}
