package io.surprisal.contract;

import io.surprisal.Kernel;
import net.jqwik.api.Group;
import org.junit.jupiter.api.Nested;

/**
 * The whole suite, for whoever writes a kernel:
 *
 * <pre>{@code
 * class MyKernelTest extends SoftmaxKernelContract {
 *   @Override
 *   protected Kernel kernel() {
 *     return Kernel.named("mine");
 *   }
 * }
 * }</pre>
 *
 * <p>Each part is a class of its own that may be extended alone. Needs JUnit 5 and, for the parts
 * whose tests are properties, jqwik.
 */
public abstract class SoftmaxKernelContract extends KernelContract {
  @Nested
  class Accuracy extends AccuracyContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class ShortRows extends ShortRowsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class WideAccuracy extends WideAccuracyContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class WidestRow extends WidestRowContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Products extends ProductsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Options extends OptionsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class FiniteSmoothing extends FiniteSmoothingContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Diagnosis extends DiagnosisContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DenseTargets extends DenseTargetsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Sparse extends SparseTargetsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class TargetGradients extends TargetGradientContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class LogitMaps extends LogitMapContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class LikelihoodLosses extends LikelihoodLossesContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class RowResults extends RowOutputsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Evaluations extends EvaluationContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Shards extends ShardsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class SquaredErrors extends SquaredErrorContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DenseFocal extends DenseFocalContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class SparseFocal extends SparseFocalContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Distilling extends DistillationContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Entropies extends EntropyContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class SecondDerivatives extends HessianContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class SpecialValues extends SpecialValuesContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Upstream extends UpstreamContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class LossesApart extends LossesApartContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Layout extends LayoutContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Storages extends StorageContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class MixedLayouts extends MixedLayoutsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class ClassesFirst extends ClassesFirstContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class SameBits extends BitsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DoubleAccuracy extends DoubleAccuracyContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DoubleSpecialValues extends DoubleSpecialValuesContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DoubleStorage extends DoubleStorageContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DoubleProducts extends DoubleProductsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class DoubleBits extends DoubleBitsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Nested
  class Examples extends ExamplesContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class Laws extends LawsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class Relations extends RelationsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class Slopes extends SlopesContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class FamilyLaws extends FamilyLawsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class FamilySlopes extends FamilySlopesContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class DivergenceLaws extends DivergenceLawsContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }

  @Group
  class Merging extends MergeContract {
    @Override
    protected Kernel kernel() {
      return SoftmaxKernelContract.this.kernel();
    }
  }
}
