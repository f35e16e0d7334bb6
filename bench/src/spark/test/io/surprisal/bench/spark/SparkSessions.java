package io.surprisal.bench.spark;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Sessions for tests, which talk to no other machine and write nothing but what is asked for. */
final class SparkSessions {
  private SparkSessions() {}

  /** What this JVM runs with: surefire's own class path is one jar that names the others. */
  static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }

  /** The options of this JVM that open modules: what Spark and the vector kernel need. */
  static List<String> moduleOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                option.startsWith("--add-")
                    || option.startsWith("--enable-native-access")
                    || option.startsWith("--sun-misc-unsafe"))
        .toList();
  }

  /** A session of threads of this JVM. */
  static SparkSession local(int threads) {
    return builder().master("local[" + threads + "]").getOrCreate();
  }

  /** A session whose tasks run in executors of 512 MB. */
  static SparkSession on(LoopbackCluster cluster) {
    SparkSession.Builder builder = builder().master(cluster.master());
    builder
        .config("spark.executor.memory", "512m")
        .config("spark.executor.cores", 1)
        .config("spark.executor.extraClassPath", classPath())
        .config("spark.scheduler.minRegisteredResourcesRatio", 1);
    // recipe: begin session
    builder.config("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector");
    // recipe: end session
    return builder.getOrCreate();
  }

  private static SparkSession.Builder builder() {
    return SparkSession.builder()
        .appName("surprisal")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", LoopbackCluster.LOOPBACK)
        .config("spark.driver.bindAddress", LoopbackCluster.LOOPBACK)
        .config("spark.sql.shuffle.partitions", 4)
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/no-warehouse")
        .config("spark.log.level", "ERROR");
  }
}
