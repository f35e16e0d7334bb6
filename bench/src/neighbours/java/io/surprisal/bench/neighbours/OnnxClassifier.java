package io.surprisal.bench.neighbours;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * A linear classifier as an ONNX model, with numbers of no meaning, and the same in plain Java:
 * what a trained one would be, in the size of a test.
 */
final class OnnxClassifier {
  static final String INPUT = "features";
  static final String OUTPUT = "logits";
  static final int FEATURES = 4;
  static final int CLASSES = 3;

  private static final int OPERATOR_SET = 13;
  private static final int IR_VERSION = 8;
  private static final float[] WEIGHTS = {
    0.5f, -1, 0.25f, 1.5f, 0.75f, -0.5f, -2, 0.125f, 1, 0.5f, -0.25f, 2
  };
  private static final float[] BIAS = {0.1f, -0.2f, 0.3f};

  private OnnxClassifier() {}

  /** Features {@code [rows × 4]} to logits {@code [rows × 3]}: one Gemm. */
  static byte[] model() {
    NodeProto gemm =
        NodeProto.newBuilder()
            .setOpType("Gemm")
            .addInput(INPUT)
            .addInput("weights")
            .addInput("bias")
            .addOutput(OUTPUT)
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("classifier")
            .addNode(gemm)
            .addInitializer(constant("weights", WEIGHTS, FEATURES, CLASSES))
            .addInitializer(constant("bias", BIAS, CLASSES))
            .addInput(matrix(INPUT, FEATURES))
            .addOutput(matrix(OUTPUT, CLASSES))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static TensorProto constant(String name, float[] values, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }

  private static ValueInfoProto matrix(String name, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("rows"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
            .build();
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Features of so many rows: {@code [rows × 4]}. */
  static float[] features(int rows) {
    float[] features = new float[rows * FEATURES];
    for (int i = 0; i < features.length; i++) {
      features[i] = (i * 29 % 17 - 8) / 4f;
    }
    return features;
  }

  /** Labels of so many rows. */
  static int[] labels(int rows) {
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row * 7 % CLASSES;
    }
    return labels;
  }

  /** What the model says of {@link #features}, in double: {@code [rows][classes]}. */
  static double[][] logits(int rows) {
    float[] features = features(rows);
    double[][] logits = new double[rows][CLASSES];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < CLASSES; c++) {
        logits[row][c] = BIAS[c];
        for (int i = 0; i < FEATURES; i++) {
          logits[row][c] += features[row * FEATURES + i] * WEIGHTS[i * CLASSES + c];
        }
      }
    }
    return logits;
  }
}
