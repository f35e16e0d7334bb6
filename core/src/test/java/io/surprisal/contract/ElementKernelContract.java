package io.surprisal.contract;

import io.surprisal.Kernel;
import net.jqwik.api.Group;
import org.junit.jupiter.api.Nested;

/**
 * The suite of the losses of single elements, for whoever writes an {@code ElementKernel}; used as
 * {@link SoftmaxKernelContract} is.
 */
public abstract class ElementKernelContract extends KernelContract {
  @Nested
  class Accuracy extends ElementAccuracyContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }

  @Nested
  class SpecialValues extends ElementSpecialValuesContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }

  @Nested
  class Layout extends ElementLayoutContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }

  @Nested
  class Storages extends ElementStorageContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }

  @Nested
  class SameBits extends ElementBitsContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }

  @Nested
  class Examples extends ElementExamplesContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }

  @Group
  class Laws extends ElementLawsContract {
    @Override
    protected Kernel kernel() {
      return ElementKernelContract.this.kernel();
    }
  }
}
