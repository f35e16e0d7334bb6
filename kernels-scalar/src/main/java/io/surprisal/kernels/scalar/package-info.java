/** The reference: every pass as a plain loop in double arithmetic, to be read before any other. */
package io.surprisal.kernels.scalar;
