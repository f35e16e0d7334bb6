import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the home of the JDK that runs it, the toolchain's, to a file: bench/bin/surprisal reads
 * it.
 */
final class JdkHome {
  private JdkHome() {}

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), System.getProperty("java.home") + "\n");
  }
}
