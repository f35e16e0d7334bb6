package io.surprisal.contract;

import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.WeighForm;
import java.util.ServiceLoader;

/**
 * A kernel that is being written: the passes that it does not override yet are the reference's.
 *
 * <p>So a kernel grows a method at a time, and the suite tells after each whether it is right. A
 * kernel that is complete implements {@link SoftmaxKernel} itself: this class is for tests.
 */
public abstract class PartialKernel implements SoftmaxKernel {
  /** The rank that {@link KernelProvider#rank} keeps for the reference. */
  private static final int REFERENCE_RANK = 0;

  private final SoftmaxKernel reference;

  /**
   * A kernel of the reference's passes.
   *
   * @throws IllegalStateException if no reference is on the class or module path
   */
  protected PartialKernel() {
    this(reference());
  }

  /**
   * A kernel of the passes of another.
   *
   * @param reference that other one
   */
  protected PartialKernel(SoftmaxKernel reference) {
    this.reference = reference;
  }

  private static SoftmaxKernel reference() {
    for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
      if (provider.rank() == REFERENCE_RANK) {
        return provider.kernel();
      }
    }
    throw new IllegalStateException("no kernel has rank 0: add surprisal-kernels-scalar");
  }

  @Override
  public void reduce(Tile tile) {
    reference.reduce(tile);
  }

  @Override
  public void weigh(Tile tile, WeighForm form) {
    reference.weigh(tile, form);
  }

  @Override
  public void map(Tile tile, MapForm form) {
    reference.map(tile, form);
  }
}
