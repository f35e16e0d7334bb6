package io.surprisal.bench.workload;

/**
 * One figure: what is computed on how many threads.
 *
 * @param shape of the batch
 * @param operation on it
 * @param threads that compute
 */
public record Cell(Shape shape, Operation operation, int threads) {}
