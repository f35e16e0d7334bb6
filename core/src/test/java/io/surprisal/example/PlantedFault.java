package io.surprisal.example;

import io.surprisal.Kernel;
import io.surprisal.contract.AccuracyContract;
import io.surprisal.spi.Availability;
import io.surprisal.spi.KernelProvider;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;

/**
 * A kernel that counts the last class of rows of more than two blocks twice, as a careless tail
 * does. The self-test does not see it: its rows have two blocks at most.
 */
final class PlantedFault extends MaximumKernel {
  @Override
  public void reduce(Tile tile) {
    super.reduce(tile);
    int last = tile.blocks() - 1;
    for (int row = 0; last > 1 && row < tile.rows; row++) {
      int slot = row * tile.blocks() + last;
      if (tile.labels[row] != tile.columns - 1) {
        tile.blockSum[slot] +=
            tile.exps[tile.expsOffset + row * tile.expsStride + tile.columns - 1];
      }
    }
  }

  /** How the library finds it. */
  public static final class Provider implements KernelProvider {
    @Override
    public String name() {
      return "planted-fault";
    }

    @Override
    public int rank() {
      return -2;
    }

    @Override
    public Availability availability() {
      return Availability.usable("wrong on purpose");
    }

    @Override
    public SoftmaxKernel kernel() {
      return new PlantedFault();
    }
  }

  /** A part of the suite, which {@link PlantedFaultTest} runs; by itself it fails. */
  static final class Accuracy extends AccuracyContract {
    @Override
    protected Kernel kernel() {
      return Kernel.named("planted-fault");
    }
  }
}
