package io.surprisal.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.surprisal.contract.LogitArbitraries.Pair;
import io.surprisal.contract.LogitArbitraries.Row;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.Shrinkable;

/** What is left of a failing case when it was shrunk is a row that a person can read. */
class LogitArbitrariesTest {
  private static <T> Shrinkable<T> shrunk(Arbitrary<T> arbitrary, Predicate<T> fails) {
    Random random = new Random(7);
    Shrinkable<T> failing = arbitrary.generator(100).next(random);
    while (!fails.test(failing.value())) {
      failing = arbitrary.generator(100).next(random);
    }
    for (Optional<Shrinkable<T>> next = Optional.of(failing); next.isPresent(); ) {
      failing = next.get();
      next = failing.shrink().filter(candidate -> fails.test(candidate.value())).findFirst();
    }
    return failing;
  }

  private static boolean hasLogitAbove(float[] logits, float bound) {
    for (float logit : logits) {
      if (logit > bound) {
        return true;
      }
    }
    return false;
  }

  @Example
  void rowsShrinkToTwoClassesAndTheLeastNumberThatFails() {
    Row row = shrunk(LogitArbitraries.rows(), any -> hasLogitAbove(any.logits(), 5)).value();
    assertEquals("label 0 of [0.0, 5.0009766]", row.toString());
  }

  @Example
  void hardRowsShrinkToOneClass() {
    Row row = shrunk(LogitArbitraries.hardRows(), any -> hasLogitAbove(any.logits(), 70)).value();
    assertEquals(1, row.logits().length, row::toString);
  }

  @Example
  void pairsShrinkTogether() {
    Pair pair = shrunk(LogitArbitraries.pairs(), any -> any.one()[0] > 1).value();
    assertEquals("[1.0009766, 0.0] and [0.0, 0.0]", pair.toString());
  }
}
