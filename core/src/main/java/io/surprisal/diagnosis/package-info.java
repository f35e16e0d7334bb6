/**
 * What a user checks an own machine or an own kernel with; no loss needs it.
 *
 * <p>{@link io.surprisal.diagnosis.BitDigest} stands here and not in the contract suite because the
 * command-line tool runs it too, where no test class is on the class path.
 */
package io.surprisal.diagnosis;
