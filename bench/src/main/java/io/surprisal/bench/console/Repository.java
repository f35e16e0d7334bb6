package io.surprisal.bench.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The repository that the tool was built in: where reports go, its text, its commit. */
public final class Repository {
  /** Set by bin/surprisal and by Maven: the build folder of bench. */
  private static final String TARGET = "surprisal.bench.target";

  /** Folders in which a build or a tool writes. */
  private static final Set<String> NOT_SOURCES = Set.of("target", ".git");

  private static final List<String> TEXTS = List.of(".java", ".md", ".xml");

  private Repository() {}

  /** The build folder of bench. */
  public static Path target() {
    return Path.of(System.getProperty(TARGET, "bench/target"));
  }

  /** The top folder, if the tool runs where it was built. */
  public static Optional<Path> root() {
    Path root = target().toAbsolutePath().normalize().resolve("../..").normalize();
    return Files.isRegularFile(root.resolve("pom.xml")) && Files.isDirectory(root.resolve("core"))
        ? Optional.of(root)
        : Optional.empty();
  }

  /**
   * The sources and documentation, one after the other in the order of their paths.
   *
   * @throws UncheckedIOException if a file cannot be read
   */
  public static Optional<byte[]> text() {
    return root().map(Repository::textUnder);
  }

  private static byte[] textUnder(Path root) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(file -> isText(root.relativize(file))).sorted().toList()) {
        text.writeBytes(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }

  private static boolean isText(Path path) {
    for (Path part : path) {
      if (NOT_SOURCES.contains(part.toString())) {
        return false;
      }
    }
    return TEXTS.stream().anyMatch(path.toString()::endsWith);
  }

  /** The commit that is checked out, if git can tell. */
  public static Optional<String> commit() {
    return root().flatMap(Repository::commitOf);
  }

  private static Optional<String> commitOf(Path root) {
    try {
      Process git =
          new ProcessBuilder("git", "-C", root.toString(), "rev-parse", "--verify", "HEAD")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean known = git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0;
      return known ? Optional.of(commit.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
