/**
 * Batched losses on logits, with their gradients.
 *
 * <p>A batch is a {@link io.surprisal.Matrix} of logits {@code [rows × classes]} and the {@link
 * io.surprisal.Labels} of its rows. Start at {@link io.surprisal.CrossEntropy}; the building blocks
 * are {@link io.surprisal.LogSumExp}, {@link io.surprisal.Softmax}, {@link io.surprisal.LogSoftmax}
 * and {@link io.surprisal.NegativeLogLikelihood}. Losses are in nats.
 */
package io.surprisal;
