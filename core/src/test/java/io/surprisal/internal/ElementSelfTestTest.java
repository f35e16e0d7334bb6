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
    public void losses(ElementTile tile, ElementForm form) {
      reference.losses(tile, form);
    }

    @Override
    public void gradient(ElementTile tile, ElementForm form) {
      reference.gradient(tile, form);
    }

    @Override
    public double sum(float[] values, int from, ElementTile tile) {
      return reference.sum(values, from, tile);
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
          public void losses(ElementTile tile, ElementForm form) {
            tile.count--;
            super.losses(tile, form);
            tile.count++;
          }
        });
    refused(
        new Wrapped() {
          @Override
          public double sum(float[] values, int from, ElementTile tile) {
            return super.sum(values, from, tile) - values[from + tile.count - 1];
          }
        });
  }

  @Test
  void formsTakenForEachOtherAreFound() {
    refused(
        new Wrapped() {
          @Override
          public void losses(ElementTile tile, ElementForm form) {
            super.losses(tile, ElementForm.BINARY);
          }
        });
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
