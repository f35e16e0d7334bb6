package io.surprisal.diagnosis;

import static io.surprisal.diagnosis.LikelihoodReference.weighted;

import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import java.util.function.IntToDoubleFunction;

/**
 * Cross-entropy with class labels, in the notation of {@link CrossEntropy}; every term of the loss
 * is positive:
 *
 * <pre>
 *   L   = v·[ (1−ε)·w_y·(−ℓ_y) + (ε/C)·Σ_c w_c·(−ℓ_c) + λ·lse² ]
 *   g_c = v·[ (1−ε)·w_y·(p_c − δ_cy) + (ε/C)·(W·p_c − w_c) + 2λ·lse·p_c ]
 * </pre>
 *
 * <p>The library forms the middle term as (ε/C)·(W·lse − Σ w_c·x_c): its bound counts the ulp of
 * what is subtracted there.
 */
final class CrossEntropyReference implements ReferenceLoss {
  private final CrossEntropy loss;
  private final Batch batch;

  CrossEntropyReference(CrossEntropy loss, Batch batch) {
    this.loss = loss;
    this.batch = batch;
  }

  @Override
  public ReferenceRow row(int row, double[] logits) {
    if (loss.isIgnored(batch, row)) {
      return ReferenceRow.ignored(logits.length);
    }
    ReferenceSoftmax softmax = new ReferenceSoftmax(logits);
    return softmax.isDefined()
        ? new Row(row, softmax).evaluate()
        : ReferenceRow.undefined(logits.length);
  }

  /** A row that has a loss. */
  private final class Row {
    private final ReferenceSoftmax softmax;
    private final int label;

    /** v. */
    private final double weight;

    /** (1−ε)·w_y. */
    private final double labelFactor;

    /** ε/C, over the classes that are smoothed. */
    private final double share;

    /** W, of these. */
    private final double weightSum;

    /** lse, and the magnitude that its error counts in. */
    private final double logSumExp;

    private final double logSumExpScale;

    Row(int row, ReferenceSoftmax softmax) {
      this.softmax = softmax;
      label = batch.labels().get(row);
      weight = batch.sampleWeight(row);
      labelFactor = (1 - loss.labelSmoothing()) * loss.classWeight(label);
      int smoothed = 0;
      CompensatedSum sum = new CompensatedSum();
      for (int column = 0; column < softmax.classes(); column++) {
        smoothed += isSmoothed(column) ? 1 : 0;
        sum.add(smoothedWeight(column));
      }
      share = loss.labelSmoothing() / smoothed;
      weightSum = sum.value();
      logSumExp = softmax.logSumExp();
      logSumExpScale = Math.max(1, Math.abs(logSumExp));
    }

    private boolean isSmoothed(int column) {
      return !loss.smoothsFiniteAlone() || softmax.logit(column) != Double.NEGATIVE_INFINITY;
    }

    private double smoothedWeight(int column) {
      return isSmoothed(column) ? loss.classWeight(column) : 0;
    }

    ReferenceRow evaluate() {
      double[] gradient = new double[softmax.classes()];
      double[] scale = new double[softmax.classes()];
      for (int column = 0; column < gradient.length; column++) {
        setEntry(column, gradient, scale);
      }
      double value = loss();
      double factor = labelFactor + share * weightSum + slope(logSumExpScale);
      return new ReferenceRow(
          weighted(weight, value),
          weighted(weight, lossScale(value)),
          gradient,
          scale,
          weight * factor);
    }

    private double loss() {
      double value = weighted(labelFactor, softmax.surprisal(label));
      if (share > 0) {
        value += share * weightedSum(softmax::surprisal);
      }
      return value + loss.zLoss() * logSumExp * logSumExp;
    }

    private double lossScale(double value) {
      double scale = value;
      if (share > 0) {
        double logits = Math.abs(weightedSum(softmax::logit));
        scale = Math.max(scale, share * Math.max(weightSum * logSumExpScale, logits));
      }
      return Math.max(scale, loss.zLoss() * logSumExpScale * logSumExpScale);
    }

    private double weightedSum(IntToDoubleFunction values) {
      CompensatedSum sum = new CompensatedSum();
      for (int column = 0; column < softmax.classes(); column++) {
        sum.add(weighted(smoothedWeight(column), values.applyAsDouble(column)));
      }
      return sum.value();
    }

    /** 2λ·lse. */
    private double slope(double logSumExp) {
      return 2 * loss.zLoss() * logSumExp;
    }

    private void setEntry(int column, double[] gradient, double[] scale) {
      double p = softmax.probability(column);
      double labelTerm = labelFactor * (column == label ? -softmax.complement(column) : p);
      double uniform = share * weightSum * p;
      double classTerm = share * smoothedWeight(column);
      gradient[column] = weight * (labelTerm + (uniform - classTerm) + slope(logSumExp) * p);
      double largest = Math.max(Math.abs(labelTerm), Math.max(uniform, classTerm));
      largest = Math.max(largest, slope(logSumExpScale) * p);
      scale[column] = Math.max(weight * largest, Math.abs(gradient[column]));
    }
  }
}
