package io.surprisal.bench.spark;

import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;

/** {@code cross_entropy(logits, label)} for SQL: the reduced loss of a group's rows, in nats. */
public final class CrossEntropyFunction extends Aggregator<Observation, LossBuffer, Double> {
  private static final long serialVersionUID = 1;

  private final LossFactory factory;

  private CrossEntropyFunction(LossFactory factory) {
    this.factory = factory;
  }

  /** Makes {@code cross_entropy} known to a session's SQL. */
  public static void register(SparkSession session, LossFactory factory) {
    CrossEntropyFunction function = new CrossEntropyFunction(factory);
    session
        .udf()
        .register("cross_entropy", functions.udaf(function, Encoders.bean(Observation.class)));
  }

  @Override
  public LossBuffer zero() {
    return new LossBuffer(factory);
  }

  @Override
  public LossBuffer reduce(LossBuffer buffer, Observation row) {
    buffer.add(row.getLogits(), row.getTarget());
    return buffer;
  }

  @Override
  public LossBuffer merge(LossBuffer buffer, LossBuffer other) {
    buffer.merge(other);
    return buffer;
  }

  @Override
  public Double finish(LossBuffer buffer) {
    return buffer.totals().mean();
  }

  @Override
  public Encoder<LossBuffer> bufferEncoder() {
    return Encoders.javaSerialization(LossBuffer.class);
  }

  @Override
  public Encoder<Double> outputEncoder() {
    return Encoders.DOUBLE();
  }
}
