package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Bytes that are no wire form are refused. */
class WireRefusalTest {
  @Property(tries = 500)
  void bytesThatWereCutShortOrGoOnAreRefused(
      @ForAll WireSamples.Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 1000) int length) {
    byte[] bytes = kind.sample(seed);
    byte[] cut = Arrays.copyOf(bytes, length % bytes.length);
    Refusal.ofArgument(() -> kind.again(cut), "the bytes of");
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + length);
    Refusal.ofArgument(() -> kind.again(longer), "go on after the last field");
  }

  /** What was changed is refused as an argument, or is the wire form of something else. */
  @Property(tries = 2000)
  void changedBytesAreRefusedOrMeanWhatTheySay(
      @ForAll WireSamples.Kind kind,
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 1000) int place,
      @ForAll byte value) {
    byte[] bytes = kind.sample(seed);
    bytes[place % bytes.length] = value;
    assertReadOrRefused(kind, bytes);
  }

  private static void assertReadOrRefused(WireSamples.Kind kind, byte[] bytes) {
    byte[] again;
    try {
      again = kind.again(bytes);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage().length() > 10, e.getMessage());
      return;
    }
    assertArrayEquals(again, kind.again(again));
  }

  @Property(tries = 2000)
  void noiseIsRefused(@ForAll WireSamples.Kind kind, @ForAll byte[] noise) {
    assertThrowsExactly(IllegalArgumentException.class, () -> kind.again(noise));
    byte[] bytes = Arrays.copyOf(kind.sample(1), 4 + noise.length);
    System.arraycopy(noise, 0, bytes, 4, noise.length);
    assertReadOrRefused(kind, bytes);
  }

  @Test
  void otherKindsAndVersionsAreNamed() {
    byte[] totals = WireSamples.Kind.TOTALS.sample(3);
    Refusal.ofArgument(() -> RowSummary.of(totals), "RowSummary are not the wire form", "SUR");
    Refusal.ofArgument(() -> Evaluation.of(totals), "SUE");
    Refusal.ofArgument(() -> ElementTotals.of(totals), "SUL");
    Refusal.ofArgument(() -> ShardSummary.of(totals), "SUV");
    totals[3] = 2;
    Refusal.ofArgument(() -> Totals.of(totals), "version 2", "version 1 is read");
    totals[0] = 'X';
    Refusal.ofArgument(() -> Totals.of(totals), "do not begin with SUT");
    Refusal.ofArgument(() -> Totals.of(new byte[0]), "end within mark, after 0");
    Refusal.ofNull("bytes", () -> Totals.of(null));
  }

  @Test
  void lyingLengthsAreRefusedBeforeTheyAllocate() {
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex("53 55 56 01 00 06 00 ff ff ff ff 07")),
        "rows = 2147483647",
        "more than 5");
    Refusal.ofArgument(
        () -> Evaluation.of(WireSamples.hex("53 55 45 01 ff ff ff ff 07 01 00 00 00")),
        "ranks = 2147483647");
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex("53 55 56 01 01 ff ff ff ff 07 00 00")),
        "classes = 2147483647");
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex("53 55 56 01 00 00 00 00")), "have no classes");
  }

  @Test
  void countsThatNoRowsGiveAreRefused() {
    Refusal.ofArgument(
        () -> Totals.of(WireSamples.hex("53 55 54 01 00 00 01 02 00 00 00 00")),
        "ignored rows = 2",
        "than 1");
    Refusal.ofArgument(
        () ->
            Totals.of(
                WireSamples.hex("53 55 54 01 00 00 ff ff ff ff ff ff ff ff ff 01 00 00 00 00 00")),
        "more than 63 bits as rows");
    Refusal.ofArgument(
        () -> Totals.of(WireSamples.hex("53 55 54 01 00 00 80 00 00 00 00 00 00")),
        "idle bytes as rows");
    Refusal.ofArgument(
        () -> ElementTotals.of(WireSamples.hex("53 55 4C 01 03 00 01 04 05 00 00")),
        "ignored elements = 5",
        "than 4");
    // One rank, one bin, one row: right twice; in no bin; sure beyond certainty; right and absent.
    String head = "53 55 45 01 01 01 ";
    Refusal.ofArgument(
        () -> Evaluation.of(WireSamples.hex(head + "01 02 00 01 01 00 00 00 00 00 00")),
        "rows that are right = 2");
    Refusal.ofArgument(
        () -> Evaluation.of(WireSamples.hex(head + "01 01 00 01 00 00 00 00 00 00 00")),
        "in no bin");
    Refusal.ofArgument(
        () -> Evaluation.of(WireSamples.hex(head + "01 01 00 01 01 01 80 80 80 04 00 00 00 01")),
        "above 1");
    Refusal.ofArgument(
        () -> Evaluation.of(WireSamples.hex(head + "01 01 00 01 01 00 00 00 00 00 00")),
        "1 rows that are right and in no bin");
    Refusal.ofArgument(
        () -> Evaluation.of(WireSamples.hex("53 55 45 01 00 01 00 00 00 00 00 00 00 00 00")),
        "no ranks");
  }

  @Test
  void numbersThatNoSumHasAreRefused() {
    byte[] summary = new RowSummary(1, 2, 3).toBytes();
    byte[] negative = summary.clone();
    negative[4] |= (byte) 0x80;
    Refusal.ofArgument(() -> RowSummary.of(negative), "sum = -1.0 is negative");
    byte[] infinite = summary.clone();
    Arrays.fill(infinite, 16, 24, (byte) 0xFF);
    Refusal.ofArgument(() -> RowSummary.of(infinite), "origin = NaN is not finite");
    byte[] far = summary.clone();
    far[8 + 4] = 0x7F;
    Refusal.ofArgument(() -> RowSummary.of(far), "exponent = ");
    Refusal.ofArgument(
        () ->
            Totals.of(
                WireSamples.hex("53 55 54 01 04 7f f8 00 00 00 00 00 00 00 00 00 00 00 00 00")),
        "divisor = NaN");
    Refusal.ofArgument(
        () -> Totals.of(WireSamples.hex("53 55 54 01 05")), "the divisor = 5", "[0, 5)");
    Refusal.ofArgument(
        () -> Totals.of(WireSamples.hex("53 55 54 01 00 00 00 00 01 42 03")),
        "the length of the sum of");
    Refusal.ofArgument(
        () -> Totals.of(WireSamples.hex("53 55 54 01 00 00 00 00 01 20 01 00 00 00 00 00 00 00")),
        "digits");
    Refusal.ofArgument(
        () -> Totals.of(WireSamples.hex("53 55 54 01 00 00 00 00 01 43 01 80 00 00 00 00 00 00")),
        "digits");
  }

  @Test
  void rowsOfShardsThatNoLogitsGiveAreRefused() {
    String head = "53 55 56 01 00 01 00 01 ";
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex(head + "04")), "4 as the state of a row");
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex(head + "07")), "the state of a row = 7");
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex(head + "01 bf f0 00 00 00 00 00 00 00")), "sum -1.0");
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex(head + "05 3f f0 00 00 00 00 00 00 00 7f 80 00 00")),
        "origin");
    Refusal.ofArgument(
        () -> ShardSummary.of(WireSamples.hex(head + "01 3f f0 00 00 00 00 00 00 ff ff ff ff 7f")),
        "exponent of a row");
  }
}
