import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;

/**
 * Whether a module has what a release to Maven Central needs: files, and what its POM must say.
 * Prints the size of each file and what is still to be done by hand; fails where a part is missing
 * that the build should have made.
 */
final class ReleaseCheck {
  private static final XPath XPATH = XPathFactory.newInstance().newXPath();
  private static final List<String> FILES =
      List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json");

  private final List<String> missing = new ArrayList<>();

  private ReleaseCheck() {}

  /** Arguments: the root of the repository, the module's folder, the name of its files. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path module = Path.of(args[1]);
    ReleaseCheck check = new ReleaseCheck();
    check.files(module.resolve("target"), args[2]);
    check.says(module.resolve("pom.xml"), "name", "description");
    Document parent = check.metadata(root.resolve("pom.xml"));
    Document bom = check.metadata(root.resolve("core/bom/pom.xml"));
    String version = text(parent, "version");
    check.require(text(bom, "version").equals(version), "core/bom/pom.xml: version " + version);
    if (version.endsWith("-SNAPSHOT")) {
      System.out.println("before a release: a version that is no snapshot, and signatures");
    }
    check.missing.forEach(part -> System.err.println("missing: " + part));
    System.exit(check.missing.isEmpty() ? 0 : 1);
  }

  private void files(Path target, String name) throws IOException {
    for (String suffix : FILES) {
      Path file = target.resolve(name + suffix);
      require(Files.exists(file), file.toString());
      if (Files.exists(file)) {
        System.out.printf("%,10d bytes  %s%n", Files.size(file), file.getFileName());
      }
    }
    try (JarFile jar = new JarFile(target.resolve(name + ".jar").toFile())) {
      Stream.of("META-INF/LICENSE", "module-info.class")
          .forEach(entry -> require(jar.getEntry(entry) != null, entry + " in " + name + ".jar"));
    }
  }

  /** What Maven Central reads in the POM of a project that has no parent. */
  private Document metadata(Path pom) throws Exception {
    return says(
        pom,
        "name",
        "description",
        "url",
        "licenses/license/name",
        "licenses/license/url",
        "developers/developer/name",
        "scm/connection",
        "scm/url");
  }

  private Document says(Path pom, String... elements) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    for (String element : elements) {
      require(!text(document, element).isBlank(), element + " in " + pom);
    }
    return document;
  }

  private static String text(Document pom, String element) throws Exception {
    return XPATH.evaluate("/project/" + element, pom);
  }

  private void require(boolean holds, String part) {
    if (!holds) {
      missing.add(part);
    }
  }
}
