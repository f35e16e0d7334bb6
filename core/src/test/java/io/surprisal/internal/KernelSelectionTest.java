package io.surprisal.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.PlainKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernel serves, why the others do not, and what is logged of it. */
class KernelSelectionTest {
  private static final Class<?> PLAIN = PlainKernel.Provider.class;
  private static final Class<?> FAST = KernelsForTests.Fast.class;
  private static final Class<?> EQUAL = KernelsForTests.Equal.class;
  private static final Class<?> TWIN = KernelsForTests.Twin.class;
  private static final Class<?> SLOW = KernelsForTests.Slow.class;
  private static final Class<?> IMPOSSIBLE = KernelsForTests.Impossible.class;
  private static final Class<?> FAULTY = KernelsForTests.Faulty.class;
  private static final Class<?> BROKEN = KernelsForTests.Broken.class;

  private static final Logger LOGGER = Logger.getLogger("io.surprisal");

  @TempDir private Path folder;

  private final List<String> log = new ArrayList<>();
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          log.add(record.getLevel() + " " + new SimpleFormatter().formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void record() {
    LOGGER.addHandler(recorder);
    LOGGER.setUseParentHandlers(false);
  }

  @AfterEach
  void restore() {
    LOGGER.removeHandler(recorder);
    LOGGER.setUseParentHandlers(true);
    System.clearProperty("surprisal.kernel");
    System.clearProperty("surprisal.fast.enabled");
  }

  private FreshLibrary library(Class<?>... providers) {
    try {
      return new FreshLibrary(folder, List.of(providers));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static <T extends Throwable> String messageOf(
      Class<T> type, FreshLibrary library, String question) {
    return assertThrows(type, () -> library.ask(question)).getMessage();
  }

  private static void assertHolds(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
  }

  @Test
  void usableKernelOfTheHighestRankServes() {
    assertEquals("Kernel[fast: 512 lanes]", library(PLAIN, FAST).ask("preferred"));
    assertEquals("Kernel[fast: 512 lanes]", library(FAST, PLAIN).ask("preferred"));
    assertEquals("[fast, plain]", library(PLAIN, FAST).ask("names"));
  }

  @Test
  void kernelsOfOneRankAreTakenByName() {
    assertEquals("[equal, fast, plain]", library(PLAIN, FAST, EQUAL).ask("names"));
    assertEquals("[equal, fast, plain]", library(EQUAL, FAST, PLAIN).ask("names"));
  }

  @Test
  void twoKernelsOfOneNameAreRefused() {
    String message = messageOf(IllegalStateException.class, library(FAST, PLAIN, TWIN), "names");
    assertHolds(message, "two kernels are named 'fast'", FAST.getName(), TWIN.getName());
  }

  @Test
  void choiceIsLoggedOnce() {
    FreshLibrary library = library(PLAIN, FAST);
    library.ask("preferred");
    library.ask("preferred");
    library.ask("use");
    assertEquals(List.of("INFO kernel fast: 512 lanes (preferred)"), log);
  }

  @Test
  void betterKernelsThatDoNotServeAreWarnedOf() {
    FreshLibrary library = library(PLAIN, SLOW, IMPOSSIBLE);
    assertEquals("Kernel[plain: plain loops]", library.ask("preferred"));
    assertEquals(
        List.of(
            "WARNING not used, impossible: add --magic {0} 'now'",
            "WARNING not used, slow: remove -Xslow", "INFO kernel plain: plain loops (preferred)"),
        log);
  }

  @Test
  void kernelThatIsSwitchedOffDoesNotServeAndIsNoReasonToWarn() {
    System.setProperty("surprisal.fast.enabled", "FALSE");
    FreshLibrary library = library(PLAIN, FAST);
    assertEquals("Kernel[plain: plain loops]", library.ask("preferred"));
    assertEquals("[plain]", library.ask("names"));
    assertEquals(
        List.of(
            "INFO not used, fast: switched off by -Dsurprisal.fast.enabled=false",
            "INFO kernel plain: plain loops (preferred)"),
        log);
    assertHolds(
        messageOf(IllegalArgumentException.class, library, "fast"),
        "kernel fast: switched off by -Dsurprisal.fast.enabled=false");
  }

  @Test
  void worseKernelsAreNotMentioned() {
    library(FAST, PLAIN).ask("preferred");
    assertEquals(1, log.size());
  }

  @Test
  void slowKernelRunsWhereItIsAskedForByName() {
    FreshLibrary library = library(PLAIN, SLOW, IMPOSSIBLE);
    assertEquals("Kernel[slow: remove -Xslow], fast false", library.ask("slow"));
    assertEquals("[slow, plain]", library.ask("names"));
  }

  @Test
  void impossibleKernelIsRefusedWithItsReason() {
    String message =
        messageOf(IllegalArgumentException.class, library(PLAIN, IMPOSSIBLE), "impossible");
    assertHolds(message, "impossible", "add --magic {0} 'now'");
  }

  @Test
  void unknownNameIsRefusedWithWhatWasFound() {
    String message =
        messageOf(IllegalArgumentException.class, library(PLAIN, SLOW, IMPOSSIBLE), "vectro");
    assertHolds(message, "'vectro'", "plain: plain loops", "slow: ", "impossible: add --magic");
  }

  @Test
  void forcedKernelServesEvenWhereItIsSlow() {
    System.setProperty("surprisal.kernel", "slow");
    FreshLibrary library = library(PLAIN, FAST, SLOW);
    assertEquals("Kernel[slow: remove -Xslow]", library.ask("preferred"));
    assertEquals(List.of("INFO kernel slow: remove -Xslow (forced by -Dsurprisal.kernel)"), log);
  }

  @Test
  void forcingAKernelThatIsNotThereIsAnErrorEachTime() {
    System.setProperty("surprisal.kernel", "foo");
    FreshLibrary library = library(PLAIN, FAST);
    for (int attempt = 0; attempt < 2; attempt++) {
      String message = messageOf(IllegalStateException.class, library, "preferred");
      assertHolds(message, "-Dsurprisal.kernel=foo", "plain: plain loops", "fast: 512 lanes");
    }
  }

  @Test
  void forcingAnImpossibleKernelIsAnError() {
    System.setProperty("surprisal.kernel", "impossible");
    String message =
        messageOf(IllegalStateException.class, library(PLAIN, IMPOSSIBLE), "preferred");
    assertHolds(message, "-Dsurprisal.kernel=impossible", "add --magic");
  }

  @Test
  void withoutAnyKernelTheErrorNamesTheJarsEachTime() {
    FreshLibrary library = library();
    for (int attempt = 0; attempt < 2; attempt++) {
      String message = messageOf(IllegalStateException.class, library, "preferred");
      assertHolds(message, "surprisal-kernels-vector", "surprisal-kernels-scalar");
    }
    assertEquals("[]", library.ask("names"));
  }

  @Test
  void withoutAUsableKernelTheErrorNamesEveryReason() {
    FreshLibrary library = library(SLOW, IMPOSSIBLE);
    String message = messageOf(IllegalStateException.class, library, "preferred");
    assertHolds(message, "slow: remove -Xslow", "impossible: add --magic");
  }

  @Test
  void kernelThatFailsItsSelfTestIsAnErrorNotAFallback() {
    FreshLibrary library = library(PLAIN, FAULTY);
    for (int attempt = 0; attempt < 2; attempt++) {
      String message = messageOf(IllegalStateException.class, library, "use");
      assertHolds(message, "'faulty'", "self-test");
    }
    assertEquals("PlainKernel", library(PLAIN, SLOW).ask("use"));
  }

  @Test
  void brokenJarIsAnErrorNotAFallback() {
    FreshLibrary library = library(PLAIN, BROKEN);
    for (int attempt = 0; attempt < 2; attempt++) {
      ServiceConfigurationError error =
          assertThrows(ServiceConfigurationError.class, () -> library.ask("preferred"));
      assertEquals("half a jar", error.getCause().getMessage());
    }
  }
}
