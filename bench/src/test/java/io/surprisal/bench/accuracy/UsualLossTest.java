package io.surprisal.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import org.junit.jupiter.api.Test;

class UsualLossTest {
  private static UsualLoss of(float... logits) {
    return new UsualLoss(LogitsBatch.of(new Shape(1, logits.length), logits, new int[1]));
  }

  @Test
  void lossAndGradientOfAnEasyRowAreRight() {
    UsualLoss loss = of((float) Math.log(3), 0);
    assertEquals(Math.log(4.0 / 3), loss.losses()[0], 1e-6);
    assertArrayEquals(new float[] {-0.25f, 0.25f}, loss.gradient(), 1e-6f);
  }

  @Test
  void lossOfAConfidentRowVanishesAsFloatsDo() {
    UsualLoss loss = of(20, 0);
    assertEquals(0, loss.losses()[0]);
    assertEquals(0, loss.gradient()[0]);
  }
}
