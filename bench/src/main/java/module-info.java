/**
 * Compiled as a module, so that it sees of the library what a user sees; run from the class path,
 * because JMH forks its JVMs with a class path alone.
 */
module io.surprisal.bench {
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.surprisal.core;
  requires jdk.incubator.vector;
  requires java.logging;
  requires java.management;
  requires jdk.management;
  requires jmh.core;
  requires me.tongfei.progressbar;
}
