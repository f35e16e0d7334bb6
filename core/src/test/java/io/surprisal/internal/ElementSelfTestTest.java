package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.spi.ElementForm;
import io.surprisal.spi.ElementKernel;
import io.surprisal.spi.ElementTile;
import org.junit.jupiter.api.Test;

/** A kernel of element losses with a planted fault does not serve. */
class ElementSelfTestTest {
  /** The reference, to plant a fault in. */
  private static class Wrapped implements ElementKernel {
    private final ElementReference reference = new ElementReference();

    @Override
    public void exponentials(ElementTile tile) {
      reference.exponentials(tile);
    }

    @Override
    public double losses(ElementTile tile, ElementForm form) {
      return reference.losses(tile, form);
    }

    @Override
    public void gradient(ElementTile tile, ElementForm form) {
      reference.gradient(tile, form);
    }
  }

  private static void refused(ElementKernel kernel) {
    String message =
        assertThrows(IllegalStateException.class, () -> ElementSelfTest.check("planted", kernel))
            .getMessage();
    assertTrue(message.contains("'planted'") && message.contains("expected"), message);
  }

  @Test
  void rightKernelPasses() {
    ElementSelfTest.check("wrapped", new Wrapped());
  }

  @Test
  void lastElementLeftOutIsFound() {
    refused(
        new Wrapped() {
          @Override
          public double losses(ElementTile tile, ElementForm form) {
            tile.count--;
            double sum = super.losses(tile, form);
            tile.count++;
            return sum;
          }
        });
    refused(
        new Wrapped() {
          @Override
          public double losses(ElementTile tile, ElementForm form) {
            return super.losses(tile, form) - tile.losses[tile.lossesFrom + tile.count - 1];
          }
        });
  }

  @Test
  void gradientLeftOutOfTheSweepIsFound() {
    refused(
        new Wrapped() {
          @Override
          public double lossesAndGradient(ElementTile tile, ElementForm form) {
            return losses(tile, form);
          }
        });
  }

  @Test
  void formsTakenForEachOtherAreFound() {
    for (ElementForm taken : ElementForm.values()) {
      refused(
          new Wrapped() {
            @Override
            public double losses(ElementTile tile, ElementForm form) {
              return super.losses(tile, taken);
            }
          });
    }
  }

  @Test
  void scaleLeftOutIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void gradient(ElementTile tile, ElementForm form) {
            float scale = tile.scale;
            tile.scale = 1;
            super.gradient(tile, form);
            tile.scale = scale;
          }
        });
  }

  @Test
  void notANumberTakenForInsideIsFound() {
    refused(
        new Wrapped() {
          @Override
          public boolean anyOutside(float[] values, int from, int to, float highest) {
            boolean outside = false;
            for (int i = from; i < to; i++) {
              outside |= values[i] < 0 || values[i] > highest;
            }
            return outside;
          }
        });
  }
}
