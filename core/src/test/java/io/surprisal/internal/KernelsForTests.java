package io.surprisal.internal;

import io.surprisal.PlainKernel;
import io.surprisal.contract.PartialKernel;
import io.surprisal.spi.Availability;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import java.util.Locale;

/** Backends with every answer and every fault, for the selection to choose from. */
public final class KernelsForTests {
  private KernelsForTests() {}

  /** A backend that computes as the plain kernel does. */
  private abstract static class Backend implements KernelProvider {
    private final int rank;
    private final Availability availability;

    Backend(int rank, Availability availability) {
      this.rank = rank;
      this.availability = availability;
    }

    @Override
    public String name() {
      return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public Availability availability() {
      return availability;
    }

    @Override
    public SoftmaxKernel kernel() {
      return new PlainKernel();
    }
  }

  /** Usable, before the plain kernel. */
  public static final class Fast extends Backend {
    /** Called by the service loader. */
    public Fast() {
      super(50, Availability.usable("512 lanes"));
    }
  }

  /** Of the rank of {@link Fast}. */
  public static final class Equal extends Backend {
    /** Called by the service loader. */
    public Equal() {
      super(50, Availability.usable("of one rank"));
    }
  }

  /** Of the name of {@link Fast}. */
  public static final class Twin extends Backend {
    /** Called by the service loader. */
    public Twin() {
      super(40, Availability.usable("of one name"));
    }

    @Override
    public String name() {
      return "fast";
    }
  }

  /** Slow, before every usable one. */
  public static final class Slow extends Backend {
    /** Called by the service loader. */
    public Slow() {
      super(70, Availability.slow("remove -Xslow"));
    }
  }

  /** Impossible, and its kernel must never be asked for. */
  public static final class Impossible extends Backend {
    /** Called by the service loader. */
    public Impossible() {
      super(90, Availability.impossible("add --magic {0} 'now'"));
    }

    @Override
    public SoftmaxKernel kernel() {
      throw new AssertionError("the kernel of an impossible backend was made");
    }
  }

  /** Usable, but one value of its sums is wrong. */
  public static final class Faulty extends Backend {
    /** Called by the service loader. */
    public Faulty() {
      super(60, Availability.usable("wrong"));
    }

    @Override
    public SoftmaxKernel kernel() {
      return new Wrapped() {
        @Override
        public void reduce(Tile tile) {
          super.reduce(tile);
          tile.blockSum[0] *= 1 + 0x1p-19;
        }
      };
    }
  }

  /** Its jar is broken. */
  public static final class Broken extends Backend {
    /** Called by the service loader. */
    public Broken() {
      super(80, null);
      throw new IllegalStateException("half a jar");
    }
  }

  /** The plain kernel, one of whose passes is to be made wrong. */
  abstract static class Wrapped extends PartialKernel {
    Wrapped() {
      super(new PlainKernel());
    }
  }
}
