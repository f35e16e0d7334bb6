package io.surprisal.bench.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The page of all figures; that it can be parsed at all says that it is well-formed. */
class PageTest {
  private static final Pattern ADDRESS = Pattern.compile("https?:|//[a-z]|url\\(|@import");

  @TempDir private static Path folder;

  private static String text;
  private static Document page;

  @BeforeAll
  static void make() throws Exception {
    text = Files.readString(Pages.makeWhole(folder));
    page = Pages.parse(text);
  }

  /** Where the page changes by intent: {@code mvn verify -Dsurprisal.updateDocs=true}. */
  @Test
  void wordsOfThePageAreThoseOfTheGoldenFile() throws IOException {
    Path golden = Pages.FIGURES.resolve("page.txt");
    String words = String.join("\n", Pages.words(page)) + "\n";
    if (Boolean.getBoolean("surprisal.updateDocs")) {
      Files.writeString(golden, words);
    }
    assertEquals(Files.readString(golden), words);
  }

  @Test
  void nothingIsFetched() {
    String own = text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    assertFalse(ADDRESS.matcher(own).find(), () -> ADDRESS.matcher(own).results().toList() + "");
    assertEquals(List.of(), Pages.elements(page, "script"));
    for (Element link : Pages.elements(page, "link")) {
      assertEquals("data:,", link.getAttribute("href"));
    }
    assertEquals(0, Pages.elements(page, "img").size());
  }

  @Test
  void everyPictureHasATitleAndSaysWhatOneSees() {
    List<Element> figures = Pages.elements(page, "figure");
    assertEquals(10, figures.size());
    Set<String> ids = new HashSet<>();
    for (Element figure : figures) {
      assertTrue(ids.add(figure.getAttribute("id")), figure.getAttribute("id"));
      String title = figure.getElementsByTagName("h3").item(0).getTextContent();
      String caption = figure.getElementsByTagName("figcaption").item(0).getTextContent();
      assertTrue(title.length() > 10 && caption.length() > 60, title + ": " + caption);
      assertTrue(figure.getElementsByTagName("svg").getLength() > 0, title);
    }
  }

  @Test
  void everyDrawingIsDescribedForWhoDoesNotSeeIt() {
    for (Element drawing : Pages.elements(page, "svg")) {
      assertEquals("img", drawing.getAttribute("role"));
      assertTrue(drawing.getAttribute("aria-label").length() > 60);
    }
  }

  @Test
  void everyStyleOfADrawingIsInTheStyleSheet() {
    for (String name : List.of("rect", "circle", "path", "polyline", "line", "i")) {
      for (Element element : Pages.elements(page, name)) {
        for (String style : element.getAttribute("class").split(" ", -1)) {
          assertTrue(text.contains("." + style), name + " of " + style);
        }
      }
    }
  }

  @Test
  void drawingsHoldNumbersAlone() {
    for (String wrong : List.of("NaN", "Infinity", "null", "∞")) {
      assertFalse(text.contains(wrong), wrong);
    }
  }

  @Test
  void linksOfThePageLeadSomewhere() {
    Set<String> ids = new HashSet<>();
    Pages.elements(page, "section").forEach(section -> ids.add(section.getAttribute("id")));
    List<Element> links = Pages.elements(page, "a");
    assertEquals(5, links.size());
    for (Element link : links) {
      assertTrue(ids.contains(link.getAttribute("href").substring(1)), link.getAttribute("href"));
    }
  }

  @Test
  void whatWasNotMeasuredIsNamedWithItsCommand(@TempDir Path other) throws Exception {
    Pages.copy(other, "compare");
    String words = words(other);
    assertTrue(words.contains("bench/bin/surprisal compare --full"), words);
    assertTrue(words.contains("mvn -Ppeers"), words);
    assertTrue(words.contains("bench/bin/surprisal start"), words);
    assertTrue(words.contains("Vector is 10 to 20 times scalar on 1 thread"), words);
  }

  @Test
  void figuresOfAnotherMachineAreLeftOutAndNamed(@TempDir Path other) throws Exception {
    Pages.copy(other, "compare");
    String peers = Files.readString(Pages.FIGURES.resolve("peers.json"));
    Files.writeString(
        other.resolve("peers.json"), peers.replace("Test processor", "Another processor"));
    Files.writeString(other.resolve("start.json"), "{\"machine\": {}}");
    Files.writeString(other.resolve("errors.json"), "{");
    String words = words(other);
    assertTrue(words.contains("peers.json is of another machine"), words);
    assertTrue(words.contains("start.json was not written by this version"), words);
    assertTrue(words.contains("errors.json cannot be read"), words);
    assertFalse(words.contains("pytorch"), words);
  }

  @Test
  void scalarAloneMakesAPage(@TempDir Path other) throws Exception {
    String both = Files.readString(Pages.FIGURES.resolve("compare.json"));
    String scalar =
        both.replaceAll("(?s)\\{[^{}]*\"kernel\": \"vector\"[^{}]*\\},?", "")
            .replaceAll(",\\s*\\]", "]")
            .replace("\"vector\": \"512-bit vectors\"", "\"other\": \"none\"")
            .replaceAll("\"portLimit\": [0-9]+", "\"portLimit\": null");
    Files.writeString(other.resolve("compare.json"), scalar);
    String words = words(other);
    assertTrue(words.contains("The vector kernel cannot run here"), words);
    assertFalse(words.contains("Speed-up"), words);
  }

  @Test
  void peersAloneMakeAPage(@TempDir Path other) throws Exception {
    Pages.copy(other, "peers");
    String words = words(other);
    assertTrue(words.contains("mvn -Pcompare"), words);
    assertTrue(words.contains("Ours is 2.5 times as fast as pytorch"), words);
  }

  private static String words(Path folder) throws Exception {
    return String.join("\n", Pages.words(Pages.parse(Files.readString(Pages.make(folder)))));
  }

  @Test
  void folderWithoutFiguresIsAnError(@TempDir Path empty) {
    Tool run = Tool.run("report", empty);
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("no figures"), run.err());
    assertFalse(Files.exists(empty.resolve("index.html")));
  }
}
