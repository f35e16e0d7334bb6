package io.surprisal.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SurprisalTest {
  @Test
  void helpNamesEveryCommand() {
    Tool help = Tool.run("--help");
    assertEquals(0, help.exitCode());
    for (String command : new String[] {"compare", "steady", "start", "report", "check", "train"}) {
      assertTrue(help.out().contains("\n  " + command), help.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compare", "steady", "start", "report", "check", "train"})
  void everyCommandHasHelpWithAnExample(String command) {
    Tool help = Tool.run(command, "--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().startsWith("Usage: surprisal " + command), help.out());
    assertTrue(help.out().contains("Example: surprisal " + command), help.out());
    assertTrue(help.err().isEmpty(), help.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                            | Missing command
          measure                       | 'measure'
          check                         | 'FILE'
          check --bogus x               | --bogus
          check --bits pom.xml          | --bits takes no FILE
          check --kernel scalar pom.xml | --kernel is for --bits
          check --bits --kernel magic   | no kernel is named 'magic'
          check no/such/file            | no/such/file: no such file
          train --epochs                | --epochs
          train --epochs three          | 'three' is not an int
          train --epochs 0              | --epochs = 0
          train --batch 0               | --batch = 0
          train --threads -1            | --threads = -1
          train --learning-rate NaN     | --learning-rate = NaN
          train no/such/file            | no/such/file: no such file
          train --kernel magic pom.xml  | no kernel is named 'magic'
          compare --shapes 10by20       | '10by20' is no shape
          compare --shapes 0x3          | '0x3' is no shape
          compare --shapes 99999x99999  | more than an array holds
          compare --shapes 40000x50000  | needs a heap of
          compare --threads 0           | 0 is outside [1, 4096]
          compare --threads one         | 'one' is not an int
          steady --forks 0              | --forks = 0
          steady --shapes 3by4          | '3by4' is no shape
          steady --operations backward  | 'backward' is no operation
          start --forks 0               | --forks = 0
          start --seconds 0             | --seconds = 0
          start --shape 3by4            | '3by4' is no shape
          """)
  void badUsageIsOneLineAndExitCode2(String arguments, String reason) {
    Tool run = arguments.isEmpty() ? Tool.run() : Tool.run((Object[]) arguments.split(" ", -1));
    assertUsageError(run, reason);
  }

  private static void assertUsageError(Tool run, String reason) {
    assertEquals(2, run.exitCode(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("surprisal: "), run.err());
    assertTrue(run.err().contains(reason), run.err());
  }

  @Test
  void folderIsNoText(@TempDir Path folder) {
    assertUsageError(Tool.run("train", folder), "cannot be read");
    assertUsageError(Tool.run("check", folder), "cannot be read");
  }
}
