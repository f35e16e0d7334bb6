package io.surprisal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Calls everything on little data until it gets no faster.
 *
 * <p>Nothing in Java says whether a method is compiled as well as it will be, so the clock decides:
 * rounds of calls, until for a while none of them has become much faster. The compilers work in the
 * background and one method after another becomes fast, each a hundred times; what is still slow
 * when nothing has changed for {@link #QUIET_NANOS} waits for no compiler.
 */
final class WarmUp {
  /** A kernel's loop is compiled in a tenth of that, or two tenths where cores are few. */
  static final long QUIET_NANOS = 500_000_000;

  /** An improvement: less is taken for chance. */
  private static final double MUCH = 0.75;

  private static final int CALLS_A_ROUND = 4;

  /** Rows and classes: every way that driver and kernels take, in some thousand elements each. */
  private static final int[][] SHAPES = {
    {200, 2}, {200, 3}, {100, 10}, {64, 40}, {32, 100}, {4, 1000}, {1, 3000}, {1, 18_000}
  };

  private final List<Runnable> calls = new ArrayList<>();
  private final Execution execution;

  private WarmUp(Kernel kernel) {
    execution = Execution.sequential().with(kernel);
    for (int[] shape : SHAPES) {
      add(shape[0], shape[1]);
    }
  }

  /**
   * Brings a kernel and what is above it to full speed.
   *
   * @return whether it got no faster any more within the time
   */
  static boolean of(Kernel kernel, long nanos) {
    return new WarmUp(kernel).run(nanos);
  }

  private boolean run(long nanos) {
    long start = System.nanoTime();
    long improved = start;
    long now = start;
    long[] best = new long[calls.size()];
    Arrays.fill(best, Long.MAX_VALUE);
    while (now - improved < QUIET_NANOS) {
      for (int i = 0; i < best.length; i++) {
        long time = time(calls.get(i));
        now = System.nanoTime();
        if (time < MUCH * best[i]) {
          improved = now;
        }
        best[i] = Math.min(best[i], time);
        if (now - start >= nanos) {
          return false;
        }
      }
    }
    return true;
  }

  /** Nanoseconds of the fastest of some calls. */
  private static long time(Runnable call) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < CALLS_A_ROUND; i++) {
      long start = System.nanoTime();
      call.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  private void add(int rows, int classes) {
    Matrix logits = filled(rows, classes, classes, 0.0625f);
    Matrix out = Matrix.zeros(rows, classes);
    addLosses(logits, out);
    addUnlabelled(logits, out);
    // Classes first; rows apart; rows that do not count; logits whose exponentials need an origin.
    int stride = classes + 1;
    addPlain(
        Matrix.classesFirst(logits.data(), 1, classes, rows),
        every(1, rows, classes),
        Matrix.classesFirst(out.data(), 1, classes, rows));
    addPlain(filled(rows, classes, stride, 0.0625f), every(1, rows, classes), out);
    addPlain(filled(rows, classes, classes, 0.0625f), every(5, rows, classes), out);
    addPlain(filled(rows, classes, classes, 4), every(1, rows, classes), out);
    addDoubles(rows, classes);
  }

  private void addDoubles(int rows, int classes) {
    for (double unit : new double[] {0.0625, 64}) {
      double[] data = new double[rows * classes];
      for (int i = 0; i < data.length; i++) {
        data[i] = i * 37 % 64 * unit;
      }
      Matrix logits = Matrix.of(data, rows, classes);
      Matrix out = Matrix.of(new double[data.length], rows, classes);
      addPlain(logits, every(5, rows, classes), out);
      calls.add(() -> LogSumExp.on(execution).forward(logits, new double[rows]));
      calls.add(() -> Softmax.on(execution).forward(logits, out));
      calls.add(() -> Softmax.on(execution).backward(logits, logits, out));
      calls.add(() -> LogSoftmax.on(execution).forward(logits, out));
      calls.add(() -> LogSoftmax.on(execution).backward(logits, logits, out));
    }
  }

  private void addUnlabelled(Matrix logits, Matrix out) {
    Matrix upstream = filled(logits.rows(), logits.classes(), logits.classes(), 0.0625f);
    LogSumExp logSumExp = LogSumExp.on(execution);
    float[] results = new float[logits.rows()];
    calls.add(() -> logSumExp.forward(logits, results));
    calls.add(() -> logSumExp.backward(logits, results, out));
    Softmax softmax = Softmax.on(execution);
    calls.add(() -> softmax.forward(logits, out));
    calls.add(() -> softmax.backward(logits, upstream, out));
    LogSoftmax logSoftmax = LogSoftmax.on(execution);
    calls.add(() -> logSoftmax.forward(logits, out));
    calls.add(() -> logSoftmax.backward(logits, upstream, out));
  }

  private void addPlain(Matrix logits, Labels labels, Matrix gradient) {
    CrossEntropy loss = CrossEntropy.builder().execution(execution).build();
    Outputs forward =
        Outputs.none().withLosses(new float[logits.rows()]).withTotals(loss.newTotals());
    Batch batch = Batch.of(logits, labels);
    calls.add(() -> loss.compute(batch, forward));
    calls.add(() -> loss.compute(batch, forward.withGradient(gradient)));
  }

  private void addLosses(Matrix logits, Matrix gradient) {
    Labels labels = every(1, logits.rows(), logits.classes());
    addPlain(logits, labels, gradient);
    Batch batch = Batch.of(logits, labels);
    CrossEntropy plain = CrossEntropy.builder().execution(execution).build();
    Outputs added = Outputs.none().withGradient(Gradient.addedTo(gradient));
    calls.add(() -> plain.compute(batch, added));
    float[] entropies = new float[logits.rows()];
    Outputs rows = added.withEntropies(entropies).withEvaluation(Evaluation.standard());
    calls.add(() -> plain.compute(batch, rows));
    CrossEntropy.Builder options = CrossEntropy.builder().execution(execution);
    CrossEntropy smooth = options.labelSmoothing(0.1).zLoss(1e-4).build();
    Outputs apart = Outputs.none().withTotals(smooth.newTotals()).withGradient(gradient);
    calls.add(() -> smooth.compute(batch, apart));
    CrossEntropy weighted = options.classWeights(halves(logits.classes())).build();
    Batch weightedBatch = batch.withSampleWeights(halves(logits.rows()));
    Outputs outputs = Outputs.none().withTotals(weighted.newTotals()).withGradient(gradient);
    calls.add(() -> weighted.compute(weightedBatch, outputs));
    addMappedAndSparse(batch, outputs);
    addElements(logits, gradient);
    addFamily(batch, gradient);
  }

  /** Logits that are scaled and capped, and targets for a few classes. */
  private void addMappedAndSparse(Batch batch, Outputs outputs) {
    Matrix logits = batch.logits();
    CrossEntropy.Builder builder = CrossEntropy.builder().execution(execution);
    SparseTargets few = SparseTargets.of(new int[logits.rows()], new float[logits.rows()], 1);
    CrossEntropy plain = builder.build();
    calls.add(() -> plain.compute(Batch.of(logits, few), outputs));
    CrossEntropy capped = builder.logitScale(0.5).softCap(30).build();
    calls.add(() -> capped.compute(batch, outputs));
  }

  /** The element loss that is used most. */
  private void addElements(Matrix inputs, Matrix gradient) {
    BinaryCrossEntropy loss = BinaryCrossEntropy.builder().execution(execution).build();
    ElementBatch batch = ElementBatch.of(inputs, Matrix.zeros(inputs.rows(), inputs.classes()));
    ElementOutputs totals = ElementOutputs.none().withTotals(loss.newTotals());
    ElementOutputs all = totals.withGradient(gradient);
    calls.add(() -> loss.compute(batch, totals));
    calls.add(() -> loss.compute(batch, all));
  }

  /** Losses whose kernels and heads cross-entropy of labels does not use. */
  private void addFamily(Batch batch, Matrix gradient) {
    Matrix logits = batch.logits();
    SoftmaxSquaredError squared = SoftmaxSquaredError.builder().execution(execution).build();
    Outputs outputs = Outputs.none().withTotals(squared.newTotals()).withGradient(gradient);
    Batch targets = Batch.of(logits, Matrix.zeros(logits.rows(), logits.classes()));
    SparseTargets few = SparseTargets.of(new int[logits.rows()], new float[logits.rows()], 1);
    calls.add(() -> squared.compute(batch, outputs));
    SoftmaxFocal.Builder focal = SoftmaxFocal.builder().execution(execution);
    SoftmaxFocal squaredFocus = focal.gamma(2).build();
    calls.add(() -> squaredFocus.compute(targets, outputs));
    SoftmaxFocal anyFocus = focal.gamma(1.5).build();
    calls.add(() -> anyFocus.compute(Batch.of(logits, few.withTail()), outputs));
    SoftmaxEntropy entropy = SoftmaxEntropy.builder().execution(execution).build();
    calls.add(() -> entropy.compute(batch, outputs));
    Distillation.Builder distillation = Distillation.builder().execution(execution);
    for (Distillation loss :
        List.of(
            distillation.build(),
            distillation.reverse().build(),
            distillation.jensenShannon(0.5).temperature(2).build())) {
      calls.add(() -> loss.compute(targets, outputs));
    }
    CrossEntropy plain = CrossEntropy.builder().execution(execution).build();
    Outputs ofTargets = Outputs.none().withTargetGradient(Gradient.into(gradient));
    calls.add(() -> plain.compute(targets, ofTargets));
    Hessian hessian = Hessian.of(plain);
    calls.add(() -> hessian.diagonal(batch, gradient));
    calls.add(() -> hessian.product(batch, targets.targets(), gradient));
  }

  private static float[] halves(int count) {
    float[] values = new float[count];
    Arrays.fill(values, 0.5f);
    return values;
  }

  /** A label in every row, or in all but every n-th. */
  private static Labels every(int n, int rows, int classes) {
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = n > 1 && row % n == 0 ? -100 : row * 7 % classes;
    }
    return Labels.of(labels);
  }

  private static Matrix filled(int rows, int classes, int stride, float unit) {
    float[] data = new float[rows * stride];
    for (int i = 0; i < data.length; i++) {
      data[i] = i * 37 % 64 * unit;
    }
    return Matrix.strided(data, 0, rows, classes, stride);
  }
}
