/**
 * The contract between the library and its kernels.
 *
 * <p>A backend is one {@link io.surprisal.spi.KernelProvider} that makes a {@link
 * io.surprisal.spi.SoftmaxKernel}. Everything that a kernel reads or writes comes in a {@link
 * io.surprisal.spi.Tile}; arguments have been checked before a kernel sees them.
 */
package io.surprisal.spi;
