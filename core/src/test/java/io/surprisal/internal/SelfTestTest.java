package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.PlainKernel;
import io.surprisal.internal.KernelsForTests.Wrapped;
import io.surprisal.spi.ClassForm;
import io.surprisal.spi.MapForm;
import io.surprisal.spi.SoftmaxKernel;
import io.surprisal.spi.Tile;
import io.surprisal.spi.Transposition;
import io.surprisal.spi.WeighForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel with a planted fault does not serve. */
class SelfTestTest {
  private static void refused(SoftmaxKernel kernel) {
    String message =
        assertThrows(IllegalStateException.class, () -> SelfTest.check("planted", kernel))
            .getMessage();
    assertTrue(message.contains("'planted'") && message.contains("expected"), message);
  }

  @Test
  void rightKernelPasses() {
    SelfTest.check("plain", new PlainKernel());
  }

  @Test
  void labelLeftInTheSumIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void reduce(Tile tile) {
            int label = tile.labels[0];
            tile.labels[0] = Tile.NO_LABEL;
            super.reduce(tile);
            tile.labels[0] = label;
          }
        });
  }

  @Test
  void sumThatIsALittleOffIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void reduce(Tile tile) {
            super.reduce(tile);
            tile.blockSum[0] *= 1 + 0x1p-19;
          }
        });
  }

  @Test
  void lastColumnLeftOutIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void reduce(Tile tile) {
            tile.columns--;
            super.reduce(tile);
            tile.columns++;
          }
        });
  }

  @Test
  void undefinedLogitReadAsMaskedIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void reduce(Tile tile) {
            for (int i = 0; i < tile.columns; i++) {
              if (Float.isNaN(tile.logits[i])) {
                tile.logits[i] = Float.NEGATIVE_INFINITY;
              }
            }
            super.reduce(tile);
          }
        });
  }

  @Test
  void infiniteLogitThatMakesTheSumUndefinedIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void reduce(Tile tile) {
            super.reduce(tile);
            if (tile.blockSum[0] == Double.POSITIVE_INFINITY) {
              tile.blockSum[0] = Double.NaN;
            }
          }
        });
  }

  @Test
  void rowOfMaskedLogitsThatIsNotEmptyIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void reduce(Tile tile) {
            super.reduce(tile);
            if (tile.blockSum[0] == 0) {
              tile.blockSum[0] = 1;
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(MapForm.class)
  void faultInAnyMapIsFound(MapForm faulty) {
    refused(
        new Wrapped() {
          @Override
          public void map(Tile tile, MapForm form) {
            super.map(tile, form);
            if (form == faulty) {
              tile.out[tile.outStart[0] + tile.columns - 1] += 0x1p-12f;
            }
          }
        });
  }

  @Test
  void faultInTheWeightedSumIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void weightedSums(Tile tile) {
            super.weightedSums(tile);
            tile.weightedSum[0] += 0x1p-10 * Math.abs(tile.weightedSum[0]) + 0x1p-10;
          }
        });
  }

  @Test
  void faultInTheSumOfTargetsIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void targetSums(Tile tile) {
            super.targetSums(tile);
            tile.targetSum[0] *= 1 + 0x1p-10;
          }
        });
  }

  @Test
  void faultInTheDotOfTargetsIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void targetSums(Tile tile) {
            super.targetSums(tile);
            tile.targetDot[0] *= 1 + 0x1p-10;
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void faultInWhatTargetPeaksFindsIsFound(int which) {
    refused(
        new Wrapped() {
          @Override
          public void targetPeaks(Tile tile) {
            super.targetPeaks(tile);
            switch (which) {
              case 0 -> tile.targetPeak[0]++;
              case 1 -> tile.targetSum[0] *= 1 + 0x1p-10;
              default -> tile.targetDot[0] *= 1 + 0x1p-10;
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(ClassForm.class)
  void faultInAnySumOverClassesIsFound(ClassForm faulty) {
    refused(
        new Wrapped() {
          @Override
          public void weighClasses(Tile tile, ClassForm form) {
            super.weighClasses(tile, form);
            if (form == faulty) {
              tile.weighedSum[0] *= 1 + 0x1p-10;
            }
          }
        });
  }

  @Test
  void faultInTheSumOfSlopesIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void weighClasses(Tile tile, ClassForm form) {
            super.weighClasses(tile, form);
            if (form == ClassForm.SQUARED_FOCAL) {
              tile.weighedDot[0] *= 1 + 0x1p-10;
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(ClassForm.class)
  void faultInAnyEntryOfAClassIsFound(ClassForm faulty) {
    refused(
        new Wrapped() {
          @Override
          public void mapClasses(Tile tile, ClassForm form) {
            super.mapClasses(tile, form);
            if (form == faulty) {
              tile.out[tile.outStart[0] + tile.columns - 1] += 0x1p-12f;
            }
          }
        });
  }

  @Test
  void lastOfTheLargestValuesIsFound() {
    refused(
        new Wrapped() {
          @Override
          public int argMax(float[] values, int from, int count) {
            int found = super.argMax(values, from, count);
            for (int i = found + 1; found >= 0 && i < count; i++) {
              found = values[from + i] == values[from + found] ? i : found;
            }
            return found;
          }
        });
  }

  @Test
  void equalValuesThatAreCountedAsGreaterAreFound() {
    refused(
        new Wrapped() {
          @Override
          public int countGreater(float[] values, int from, int count, float threshold) {
            return super.countGreater(values, from, count, Math.nextDown(threshold));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void faultInAnyMomentOfTheLastBlockIsFound(int which) {
    refused(
        new Wrapped() {
          @Override
          public void moments(Tile tile) {
            super.moments(tile);
            double[][] moments = {tile.blockExps, tile.blockSpread, tile.blockSquares};
            moments[which][tile.rows * tile.blocks() - 1] *= 1 + 0x1p-10;
          }
        });
  }

  @Test
  void faultInTheDotIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void expDots(Tile tile) {
            super.expDots(tile);
            tile.blockDot[0] *= 1 + 0x1p-10;
          }
        });
  }

  @Test
  void faultInTheFirstSumOfErrorsIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void weigh(Tile tile, WeighForm form) {
            super.weigh(tile, form);
            tile.weighedSum[0] *= 1 + 0x1p-10;
          }
        });
  }

  @Test
  void faultInTheSecondSumOfErrorsIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void weigh(Tile tile, WeighForm form) {
            super.weigh(tile, form);
            tile.weighedDot[0] *= 1 + 0x1p-10;
          }
        });
  }

  @Test
  void labelLeftInTheSumsOfErrorsIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void weigh(Tile tile, WeighForm form) {
            int label = tile.labels[0];
            tile.labels[0] = Tile.NO_LABEL;
            super.weigh(tile, form);
            tile.labels[0] = label;
          }
        });
  }

  @Test
  void elementThatATranspositionLeavesOutIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void transpose(Transposition matrix) {
            super.transpose(matrix);
            matrix.to[matrix.to.length - 1] = 0;
          }
        });
  }

  @Test
  void faultInTheAdditionIsFound() {
    refused(
        new Wrapped() {
          @Override
          public void add(Tile tile) {
            tile.columns--;
            super.add(tile);
            tile.columns++;
          }
        });
  }
}
