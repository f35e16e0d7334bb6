package io.surprisal.internal;

import io.surprisal.Kernel;
import io.surprisal.spi.KernelProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Function;

/**
 * The library once more, in a class loader of its own that sees certain providers only: what is
 * decided once in a JVM is decided again there.
 */
final class FreshLibrary extends URLClassLoader {
  private static final String SERVICE = "META-INF/services/" + KernelProvider.class.getName();

  private final Path services;
  private Function<String, String> questions;

  FreshLibrary(Path folder, List<Class<?>> providers) throws IOException {
    super(
        new URL[] {place(Kernel.class), place(FreshLibrary.class)},
        ClassLoader.getPlatformClassLoader());
    services =
        Files.write(folder.resolve("providers"), providers.stream().map(Class::getName).toList());
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(SERVICE)
        ? Collections.enumeration(List.of(services.toUri().toURL()))
        : super.getResources(name);
  }

  /** Answers by a {@link Questions} of this library. */
  String ask(String question) {
    if (questions == null) {
      questions = newQuestions();
    }
    return questions.apply(question);
  }

  @SuppressWarnings("unchecked")
  private Function<String, String> newQuestions() {
    try {
      Class<?> type = loadClass(Questions.class.getName());
      return (Function<String, String>) type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** What can be asked. */
  public static final class Questions implements Function<String, String> {
    @Override
    public String apply(String question) {
      return switch (question) {
        case "preferred" -> Kernel.preferred().toString();
        case "names" -> Kernel.names().toString();
        case "use" -> KernelSelection.preferred().kernel().getClass().getSimpleName();
        default -> Kernel.named(question) + ", fast " + Kernel.named(question).isFast();
      };
    }
  }
}
