package io.surprisal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Java serialization ships the wire form. */
class WireSerializationTest {
  @Property(tries = 100)
  void javaSerializationShipsTheWireForm(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    WireSamples.Computed computed = WireSamples.computed(random);
    RowSummary summary = new RowSummary(random.nextDouble(), 7, 1.5);
    ElementTotals elements = WireSamples.elements(random);
    ShardSummary shard = WireSamples.shard(random);
    assertEquals(summary, shipped(summary));
    assertArrayEquals(computed.totals().toBytes(), ((Totals) shipped(computed.totals())).toBytes());
    assertArrayEquals(
        computed.evaluation().toBytes(), ((Evaluation) shipped(computed.evaluation())).toBytes());
    assertArrayEquals(elements.toBytes(), ((ElementTotals) shipped(elements)).toBytes());
    assertArrayEquals(shard.toBytes(), ((ShardSummary) shipped(shard)).toBytes());
  }

  private static Object shipped(Object object) throws IOException, ClassNotFoundException {
    return read(written(object));
  }

  private static byte[] written(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  private static Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  @Test
  void streamsOfBadBytesAreRefused() throws IOException {
    Totals totals = WireSamples.computed(new Random(1)).totals();
    byte[] stream = written(totals);
    int mark = stream.length - totals.toBytes().length;
    stream[mark + 3] = 9;
    String message =
        assertThrowsExactly(InvalidObjectException.class, () -> read(stream)).getMessage();
    assertTrue(message.contains("version 9"), message);
  }
}
