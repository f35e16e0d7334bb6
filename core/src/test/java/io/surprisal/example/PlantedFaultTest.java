package io.surprisal.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.surprisal.Kernel;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What the author of a wrong kernel reads. */
class PlantedFaultTest {
  @Test
  void selfTestDoesNotFindTheFault() {
    assertEquals("planted-fault", Kernel.named("planted-fault").name());
  }

  @Test
  void suiteNamesOperationErrorBoundAndPlace() {
    Map<String, String> failures = failures();
    assertEquals(4, failures.size(), failures::toString);
    assertRead(
        failures.get("lossesAndGradientsKeepTheirBound()"),
        "gradient row \\d of [A-Z0-9_]+ \\[\\d+ × \\d+] sums to \\S+, bound \\S+ .*");
    assertRead(failures.get("logSumExpKeepsItsBound()"), offBy("logSumExp", 1.25, ""));
    assertRead(
        failures.get("probabilitiesKeepTheirBound()"), offBy("probability", 4, " class \\d+"));
    assertRead(
        failures.get("logProbabilitiesKeepTheirBound()"), offBy("logSoftmax", 1.5, " class \\d+"));
  }

  /**
   * Operation, error, bound; kind of logits, shape, row, class, label; what came out, what should.
   */
  private static String offBy(String operation, double bound, String column) {
    return operation
        + " is off by \\S+ ulp, bound "
        + bound
        + ": [A-Z0-9_]+ \\[\\d+ × \\d+] row \\d"
        + column
        + ", label \\d+: \\S+, exactly \\S+ .*";
  }

  private static void assertRead(String message, String expected) {
    assertTrue(Pattern.compile(expected, Pattern.DOTALL).matcher(message).matches(), message);
  }

  private static Map<String, String> failures() {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(PlantedFault.Accuracy.class))
            .build();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary().getFailures().stream()
        .collect(
            Collectors.toMap(
                failure -> failure.getTestIdentifier().getDisplayName(),
                failure -> failure.getException().getMessage()));
  }
}
