package io.surprisal.bench.train;

/**
 * Adam: steps along the running mean of the gradient, divided by the root of the running mean of
 * its square.
 *
 * <p>Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, Algorithm 1,
 * <a href="https://arxiv.org/abs/1412.6980">arXiv:1412.6980</a>. Why it is used here: what follows
 * a rare byte has tiny gradients, and the division gives it steps as long as a common one's.
 */
final class Adam {
  private static final float MEAN_DECAY = 0.9f;
  private static final float SQUARE_DECAY = 0.999f;
  private static final float FLOOR = 1e-8f;

  private final float[] mean;
  private final float[] square;
  private int steps;

  Adam(int parameters) {
    mean = new float[parameters];
    square = new float[parameters];
  }

  /** Moves the parameters against their gradient. */
  void step(float[] parameters, float[] gradient, double learningRate) {
    steps++;
    double squareScale = 1 / (1 - Math.pow(SQUARE_DECAY, steps));
    float rate = (float) (learningRate / (1 - Math.pow(MEAN_DECAY, steps)));
    float rootScale = (float) Math.sqrt(squareScale);
    for (int i = 0; i < parameters.length; i++) {
      float g = gradient[i];
      mean[i] = MEAN_DECAY * mean[i] + (1 - MEAN_DECAY) * g;
      square[i] = SQUARE_DECAY * square[i] + (1 - SQUARE_DECAY) * g * g;
      parameters[i] -= rate * mean[i] / (rootScale * (float) Math.sqrt(square[i]) + FLOOR);
    }
  }
}
