/**
 * Checks of one's own data, losses and machine; no loss needs them.
 *
 * <p>{@link io.surprisal.diagnosis.LogitScan} names the first logit that is not finite. {@link
 * io.surprisal.diagnosis.LossCheck} compares losses and gradients with a {@link
 * io.surprisal.diagnosis.ReferenceLoss} in double, which shares no code with the kernels. {@link
 * io.surprisal.diagnosis.BitDigest} tells whether this machine computes the bits that are promised
 * for every machine.
 */
package io.surprisal.diagnosis;
