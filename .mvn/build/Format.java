import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java source of the repository, in the JDK of the toolchain:
 * {@code check} names the files that differ and fails, {@code write} formats them in place.
 */
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    boolean write = args[1].equals("write");
    List<String> arguments =
        new ArrayList<>(
            write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    List<Path> sources = sources(root);
    sources.forEach(source -> arguments.add(source.toString()));

    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status =
        ToolProvider.findFirst("google-java-format")
            .orElseThrow()
            .run(out, err, arguments.toArray(String[]::new));
    if (status != 0 && !write) {
      err.println("The files above are not formatted. Run: mvn -Pformat");
    }
    System.exit(status);
  }

  /** The sources of all modules and of the build itself, never what a build has written. */
  private static List<Path> sources(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    List<Path> folders = new ArrayList<>(List.of(root.resolve(".mvn")));
    try (Stream<Path> modules = Files.list(root)) {
      modules.map(module -> module.resolve("src")).filter(Files::isDirectory).forEach(folders::add);
    }
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
      }
    }
    return sources;
  }
}
