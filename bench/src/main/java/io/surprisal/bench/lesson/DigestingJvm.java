package io.surprisal.bench.lesson;

import io.surprisal.Execution;
import io.surprisal.Kernel;
import io.surprisal.bench.workload.Calls;
import io.surprisal.bench.workload.LogitsBatch;
import io.surprisal.bench.workload.Shape;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * The program that a JVM of one vector width runs: prints {@code digest BITS DIGEST SUM} for each
 * number of threads.
 */
final class DigestingJvm {
  /** How a line that matters begins. */
  static final String LINE = "digest ";

  /** Large enough to be shared out; the second in cells of columns. */
  private static final List<Shape> SHAPES = List.of(new Shape(2048, 1000), new Shape(16, 40_000));

  private DigestingJvm() {}

  /** Argument: up to how many threads. */
  public static void main(String[] args) throws NoSuchAlgorithmException {
    Kernel kernel = Kernel.named("vector");
    String bits = kernel.description().replaceFirst("-bit .*", "");
    for (int threads = 1; threads <= Integer.parseInt(args[0]); threads++) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      float sum = 0;
      try (ForkJoinPool pool = new ForkJoinPool(threads)) {
        for (Shape shape : SHAPES) {
          LogitsBatch data = batch(shape);
          Calls calls = new Calls(data, Execution.on(pool).with(kernel));
          double mean = calls.forwardAndGradient();
          update(digest, calls.rowResults());
          update(digest, data.scratch().data());
          digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, mean));
          sum += plainSum(calls.rowResults(), threads);
        }
      }
      System.out.println(LINE + bits + " " + HexFormat.of().formatHex(digest.digest()) + " " + sum);
    }
  }

  /** From an integer hash and exact arithmetic: the same on every machine. */
  private static LogitsBatch batch(Shape shape) {
    float[] logits = new float[shape.elements()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (hash(i) >> 8) * 0x1p-20f;
    }
    int[] labels = new int[shape.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = Math.floorMod(hash(-1 - row), shape.classes());
    }
    return LogitsBatch.of(shape, logits, labels);
  }

  private static int hash(int number) {
    int hash = number * 0x9E3779B9;
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    return hash ^ (hash >>> 13);
  }

  private static void update(MessageDigest digest, float[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES);
    bytes.asFloatBuffer().put(numbers);
    digest.update(bytes);
  }

  /** As each thread would add up its part, and one of them the parts. */
  private static float plainSum(float[] losses, int parts) {
    float sum = 0;
    for (int part = 0; part < parts; part++) {
      float ofPart = 0;
      for (int i = losses.length * part / parts; i < losses.length * (part + 1) / parts; i++) {
        ofPart += losses[i];
      }
      sum += ofPart;
    }
    return sum;
  }
}
