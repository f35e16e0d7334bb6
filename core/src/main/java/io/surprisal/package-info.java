/**
 * Batched losses on logits, with their gradients; in nats.
 *
 * <p>A {@link io.surprisal.Batch} is a {@link io.surprisal.Matrix} of logits {@code [rows ×
 * classes]} and what its rows are compared with: {@link io.surprisal.Labels}, a matrix of targets,
 * or {@link io.surprisal.SparseTargets}. A loss is made once, with its options, and computes any
 * subset of {@link io.surprisal.Outputs} in one pass; its mean and perplexity come from {@link
 * io.surprisal.Totals}. Start at {@link io.surprisal.CrossEntropy}:
 *
 * {@snippet :
 * Matrix logits = Matrix.of(new float[] {2.0f, 0.5f, 0.1f, 0.1f, 0.2f, 0.9f}, 3);
 * Labels labels = Labels.of(0, 2);
 * Matrix gradient = Matrix.zeros(2, 3);
 * Totals totals = CrossEntropy.standard().forwardAndGradient(logits, labels, gradient);
 * double mean = totals.mean();
 * }
 *
 * <ul>
 *   <li>Losses of rows: {@link io.surprisal.CrossEntropy}, {@link io.surprisal.SoftmaxFocal},
 *       {@link io.surprisal.PolyCrossEntropy}, {@link io.surprisal.GeneralizedCrossEntropy}, {@link
 *       io.surprisal.SoftmaxSquaredError}, {@link io.surprisal.SoftmaxEntropy}, {@link
 *       io.surprisal.Distillation}, and of log-probabilities {@link
 *       io.surprisal.NegativeLogLikelihood}; what they share is in {@link
 *       io.surprisal.LabelledLoss}. Second derivatives: {@link io.surprisal.Hessian}.
 *   <li>Losses of single elements: {@link io.surprisal.BinaryCrossEntropy}, {@link
 *       io.surprisal.BinaryCrossEntropyOnProbabilities}, {@link io.surprisal.SigmoidFocal}, {@link
 *       io.surprisal.SigmoidSquaredError}, {@link io.surprisal.KullbackLeibler}; what they share is
 *       in {@link io.surprisal.ElementLoss}.
 *   <li>Building blocks: {@link io.surprisal.LogSumExp}, {@link io.surprisal.Softmax}, {@link
 *       io.surprisal.LogSoftmax}, and {@link io.surprisal.RowSummary}, which merges shards of a
 *       row. Cross-entropy of such shards: {@link io.surprisal.ShardedCrossEntropy}, {@link
 *       io.surprisal.ShardSummary}.
 *   <li>Measures: {@link io.surprisal.Evaluation} for accuracy and calibration, {@link
 *       io.surprisal.Information} for entropies of distributions.
 *   <li>Threads and backends: {@link io.surprisal.Execution}, {@link io.surprisal.Kernel}.
 * </ul>
 */
package io.surprisal;
