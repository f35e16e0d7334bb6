package io.surprisal.kernels.vector.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.CrossEntropy;
import io.surprisal.Kernel;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a user meets who forgot the flag: this JVM runs on the class path, without the module. */
@Tag("fallback")
class FallbackTest {
  private static final String FLAG = "--add-modules jdk.incubator.vector";
  private static final Logger LOGGER = Logger.getLogger("io.surprisal");
  private static final List<String> LOG = new ArrayList<>();

  /** The choice is made and logged once in a JVM: here. */
  @BeforeAll
  static void choose() {
    Handler recorder = new Recorder();
    LOGGER.addHandler(recorder);
    Kernel.preferred();
    LOGGER.removeHandler(recorder);
  }

  private static final class Recorder extends Handler {
    @Override
    public void publish(LogRecord record) {
      LOG.add(record.getLevel() + " " + new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void moduleIsAbsentIndeed() {
    assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty());
    assertTrue(!Kernel.class.getModule().isNamed(), "on the class path");
  }

  @Test
  void scalarKernelServes() {
    assertEquals("scalar", Kernel.preferred().name());
    assertEquals(List.of("scalar"), Kernel.names());
  }

  @Test
  void warningNamesTheFlagToAdd() {
    assertEquals(2, LOG.size(), LOG::toString);
    assertTrue(LOG.get(0).startsWith("WARNING not used, vector: "), LOG::toString);
    assertTrue(LOG.get(0).contains(FLAG), LOG::toString);
    assertTrue(LOG.get(1).startsWith("INFO kernel scalar: "), LOG::toString);
  }

  @Test
  void vectorKernelByNameIsRefusedWithTheFlagToAdd() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Kernel.named("vector"));
    assertTrue(refused.getMessage().contains(FLAG), refused.getMessage());
  }

  @Test
  void lossIsComputed() {
    Matrix logits = Matrix.of(new float[] {2.0f, 0.5f, 0.3f, 0.1f, 1.0f, 0.2f}, 3);
    double mean = CrossEntropy.standard().forward(logits, Labels.of(0, 1)).mean();
    assertEquals(0.4794926410, mean, 1e-7);
  }
}
