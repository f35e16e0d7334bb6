/** The SIMD kernels, on {@code jdk.incubator.vector}: the one place that mentions it. */
package io.surprisal.kernels.vector;
