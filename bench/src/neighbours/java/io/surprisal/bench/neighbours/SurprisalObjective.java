package io.surprisal.bench.neighbours;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.impl.ConfiguredObjectProvenanceImpl;
import com.oracle.labs.mlrg.olcut.util.Pair;
import io.surprisal.Batch;
import io.surprisal.CrossEntropy;
import io.surprisal.Gradient;
import io.surprisal.Labels;
import io.surprisal.Matrix;
import io.surprisal.Outputs;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.util.ExpNormalizer;
import org.tribuo.math.util.VectorNormalizer;

// recipe: begin tribuo-1
/** Cross-entropy with its gradient for Tribuo's trainers, which ask for one row at a time. */
final class SurprisalObjective implements LabelObjective {
  private final float[] loss = new float[1];
  private final int[] label = new int[1];
  private final float[] logits;
  private final Batch batch;
  private final Outputs outputs;

  SurprisalObjective(int classes) {
    logits = new float[classes];
    Matrix matrix = Matrix.of(logits, 1, classes);
    batch = Batch.of(matrix, Labels.of(label));
    // Tribuo's optimisers climb: they take the gradient of the log-probability, −∂loss/∂logits.
    Gradient inPlace = Gradient.into(matrix).withUpstream(-1);
    outputs = Outputs.none().withLosses(loss).withGradient(inPlace);
  }

  @Deprecated // As Tribuo declares it; its lossAndGradient calls it.
  @Override
  public Pair<Double, SGDVector> valueAndGradient(int truth, SGDVector prediction) {
    label[0] = truth;
    double[] gradient = new double[logits.length];
    for (int i = 0; i < gradient.length; i++) {
      logits[i] = (float) prediction.get(i);
    }
    CrossEntropy.standard().compute(batch, outputs);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = logits[i];
    }
    return new Pair<>((double) loss[0], DenseVector.createDenseVector(gradient));
  }

  @Override
  public VectorNormalizer getNormalizer() {
    return new ExpNormalizer();
  }

  @Override
  public boolean isProbabilistic() {
    return true;
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return new ConfiguredObjectProvenanceImpl(this, "LabelObjective");
  }
}
// recipe: end tribuo-1
