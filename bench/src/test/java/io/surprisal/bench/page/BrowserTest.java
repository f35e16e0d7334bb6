package io.surprisal.bench.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser without a screen, where Chromium is installed. */
class BrowserTest {
  private static final int NARROW = 500;

  /** The whole page, tables at its end too. */
  private static final int HEIGHT = 12_000;

  /** The narrow page's own margin, less a pixel. */
  private static final int MARGIN = 15;

  @TempDir private static Path folder;

  private static Path browser;
  private static Path page;

  @BeforeAll
  static void findBrowser() throws IOException {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .flatMap(bin -> Stream.of("chromium", "chromium-browser").map(Path.of(bin)::resolve))
            .filter(Files::isExecutable)
            .findFirst();
    String reason = "SKIPPED: the report is not opened in a browser: chromium is not installed";
    if (found.isEmpty()) {
      System.out.println(reason);
    }
    assumeTrue(found.isPresent(), reason);
    browser = found.get();
    page = Pages.makeWhole(folder);
  }

  @Test
  void browserHasNothingToComplainOf() throws Exception {
    BufferedImage image = screenshot(1200, "light");
    Set<Integer> colours = colours(image, 0, 1200);
    assertTrue(colours.size() > 50, "only " + colours.size() + " colours");
    assertEquals(0xFFFFFFFF, image.getRGB(2, 2));
  }

  @Test
  void darkScreenHasADarkPage() throws Exception {
    BufferedImage image = screenshot(1200, "dark", "--blink-settings=preferredColorScheme=0");
    int corner = image.getRGB(2, 2) & 0xFF;
    assertTrue(corner < 64, "the corner is " + corner);
    assertTrue(colours(image, 0, 1200).size() > 50);
  }

  @Test
  void nothingRunsOutOfANarrowScreen() throws Exception {
    BufferedImage image = screenshot(NARROW, "narrow");
    assertTrue(colours(image, 0, NARROW).size() > 50);
    assertEquals(Set.of(0xFFFFFFFF), colours(image, NARROW - MARGIN, NARROW));
  }

  @Test
  void pageIsPrinted() throws Exception {
    Path pdf = folder.resolve("page.pdf");
    run("--no-pdf-header-footer", "--print-to-pdf=" + pdf);
    assertTrue(Files.size(pdf) > 20_000, "bytes: " + Files.size(pdf));
  }

  private static BufferedImage screenshot(int width, String name, String... options)
      throws IOException, InterruptedException {
    Path file = folder.resolve(name + ".png");
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--window-size=" + width + "," + HEIGHT);
    all.add("--screenshot=" + file);
    run(all.toArray(String[]::new));
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(width, image.getWidth());
    assertEquals(HEIGHT, image.getHeight());
    return image;
  }

  /** Opens the page; whatever the browser has to say of it is on its console. */
  private static void run(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                browser.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(options));
    command.add(page.toUri().toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), log);
    assertEquals(0, process.exitValue(), log);
    assertFalse(log.contains("CONSOLE"), log);
  }

  private static Set<Integer> colours(BufferedImage image, int from, int to) {
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = from; x < to; x++) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours;
  }
}
