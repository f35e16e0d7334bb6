package io.surprisal.bench.page;

import io.surprisal.bench.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Pages made by the tool from synthetic figures, and what is in them. */
final class Pages {
  static final Path FIGURES = Path.of("src", "test", "resources", "report");

  private Pages() {}

  /** Puts figures of these names into a folder. */
  static void copy(Path folder, String... names) throws IOException {
    for (String name : names) {
      Files.copy(FIGURES.resolve(name + ".json"), folder.resolve(name + ".json"));
    }
  }

  /** Makes the page of a folder and returns the file. */
  static Path make(Path folder) {
    Tool run = Tool.run("report", folder);
    if (run.exitCode() != 0) {
      throw new AssertionError(run.err());
    }
    return folder.resolve("index.html");
  }

  /** Makes the page of all figures. */
  static Path makeWhole(Path folder) throws IOException {
    copy(folder, "compare", "sweep", "peers", "start", "errors", "digests");
    return make(folder);
  }

  /** The page as a tree; that it can be had is a test. */
  static Document parse(String text)
      throws ParserConfigurationException, SAXException, IOException {
    return DocumentBuilderFactory.newDefaultInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** What a person reads, a line for each element that holds text. */
  static List<String> words(Document document) {
    List<String> words = new ArrayList<>();
    addWords(document.getElementsByTagName("body").item(0), words);
    return words;
  }

  private static void addWords(Node node, List<String> words) {
    NodeList children = node.getChildNodes();
    boolean holdsText = false;
    for (int i = 0; i < children.getLength(); i++) {
      holdsText |= children.item(i).getNodeType() == Node.TEXT_NODE;
    }
    if (holdsText) {
      words.add(node.getTextContent());
      return;
    }
    for (int i = 0; i < children.getLength(); i++) {
      addWords(children.item(i), words);
    }
  }
}
