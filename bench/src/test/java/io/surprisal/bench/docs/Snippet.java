package io.surprisal.bench.docs;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/**
 * A block of Java: whole types, a module, or statements, which become the body of a method of a
 * {@link Given}.
 */
final class Snippet {
  private static final Pattern TYPE =
      Pattern.compile("^(?:\\w+ )*(?:class|record|interface|enum) (\\w+)", Pattern.MULTILINE);
  private static final Pattern MODULE = Pattern.compile("^(?:open )?module ", Pattern.MULTILINE);
  private static final String HEAD =
      "import io.surprisal.*; import io.surprisal.diagnosis.*; import java.lang.foreign.*; import"
          + " java.nio.*; import java.nio.channels.*; import java.nio.file.*; import java.time.*;"
          + " import java.util.*; class Snippet extends io.surprisal.bench.docs.Given { ";
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private final Fence fence;
  private final String source;
  private final String type;
  private final int linesBefore;

  Snippet(Fence fence) {
    this.fence = fence;
    Matcher matcher = TYPE.matcher(fence.text());
    if (isModule()) {
      type = "module-info";
    } else {
      type = matcher.find() ? matcher.group(1) : "Snippet";
    }
    boolean statements = type.equals("Snippet");
    source = statements ? body(fence) : fence.text();
    linesBefore = statements ? 1 : 0;
  }

  private static String body(Fence fence) {
    String given = fence.comment("given");
    return HEAD + given + " public void run() throws Exception {\n" + fence.text() + "}}";
  }

  private boolean isModule() {
    return MODULE.matcher(fence.text()).find();
  }

  /**
   * Compiles the block.
   *
   * @return what the compiler says, with lines of the page; nothing if all is well
   */
  String compile(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve(type + ".java"), source);
    StringWriter messages = new StringWriter();
    PrintWriter writer = new PrintWriter(messages, true);
    String path = isModule() ? "--module-path" : "--class-path";
    ToolProvider.findFirst("javac")
        .orElseThrow()
        .run(
            writer,
            writer,
            "-d",
            (isModule() ? folder.resolve("module") : folder).toString(),
            path,
            CLASS_PATH + File.pathSeparator + folder,
            "-proc:none",
            "-Xlint:deprecation,removal,unchecked,-incubating",
            file.toString());
    return Pattern.compile("^" + Pattern.quote(file.toString()) + ":(\\d+)", Pattern.MULTILINE)
        .matcher(messages.toString())
        .replaceAll(line -> inPage(Integer.parseInt(line.group(1))));
  }

  private String inPage(int line) {
    return fence.place().plus(line - 1 - linesBefore).toString();
  }

  /** Whether there is something to run. */
  boolean isProgram() {
    return type.equals("Snippet") || fence.text().contains("static void main(String");
  }

  /**
   * Runs the compiled block in this JVM.
   *
   * @return what it printed
   */
  String run(Path folder) throws IOException, ReflectiveOperationException {
    PrintStream console = System.out;
    Locale language = Locale.getDefault();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] compiled = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(compiled, Snippet.class.getClassLoader());
        PrintStream recorder = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(recorder);
      Locale.setDefault(Locale.ENGLISH);
      start(loader.loadClass(type));
    } finally {
      System.setOut(console);
      Locale.setDefault(language);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void start(Class<?> compiled) throws ReflectiveOperationException {
    try {
      if (Given.class.isAssignableFrom(compiled)) {
        Constructor<?> constructor = compiled.getDeclaredConstructor();
        constructor.setAccessible(true);
        ((Given) constructor.newInstance()).run();
      } else {
        Method main = compiled.getMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) new String[0]);
      }
    } catch (InvocationTargetException e) {
      throw new AssertionError(fence.place() + " throws " + e.getCause(), e.getCause());
    } catch (Exception e) {
      throw new AssertionError(fence.place() + " throws " + e, e);
    }
  }
}
