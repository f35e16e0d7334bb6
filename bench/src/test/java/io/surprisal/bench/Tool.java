package io.surprisal.bench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * One run of the command-line tool within the test's JVM.
 *
 * @param exitCode what the process would end with
 * @param out standard output
 * @param err standard error
 */
public record Tool(int exitCode, String out, String err) {
  /** Runs the tool. */
  public static Tool run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int exitCode = Surprisal.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new Tool(exitCode, out.toString(), err.toString());
  }

  /** Lines of standard output. */
  public List<String> lines() {
    return out.lines().toList();
  }
}
