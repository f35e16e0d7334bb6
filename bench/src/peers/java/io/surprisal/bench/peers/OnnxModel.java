package io.surprisal.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A model of a single operator along the last axis, in the protocol buffers of ONNX.
 *
 * <p>Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>. A field is its
 * number and wire type in one byte (0: an integer, 2: bytes with their length before them), then
 * the value; integers are written seven bits a byte, the lowest first.
 */
final class OnnxModel {
  static final String INPUT = "logits";
  static final String OUTPUT = "result";

  /** Since this version Softmax and LogSoftmax work along the last axis alone. */
  private static final int OPERATOR_SET = 13;

  private static final int IR_VERSION = 8;
  private static final int FLOAT = 1;

  private static final int INTEGER = 0;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream message = new ByteArrayOutputStream();

  private OnnxModel() {}

  /** The model of {@code Softmax} or {@code LogSoftmax}, for matrices of any size. */
  static byte[] of(String operator) {
    OnnxModel node = new OnnxModel().text(1, INPUT).text(2, OUTPUT).text(4, operator);
    OnnxModel graph =
        new OnnxModel()
            .message(1, node)
            .text(2, operator)
            .message(11, matrix(INPUT))
            .message(12, matrix(OUTPUT));
    return new OnnxModel()
        .number(1, IR_VERSION)
        .message(7, graph)
        .message(8, new OnnxModel().number(2, OPERATOR_SET))
        .bytes();
  }

  private static OnnxModel matrix(String name) {
    OnnxModel shape = new OnnxModel().message(1, size("rows")).message(1, size("classes"));
    OnnxModel tensor = new OnnxModel().number(1, FLOAT).message(2, shape);
    return new OnnxModel().text(1, name).message(2, new OnnxModel().message(1, tensor));
  }

  /** A size that is known when the model runs. */
  private static OnnxModel size(String name) {
    return new OnnxModel().text(2, name);
  }

  private OnnxModel number(int field, int value) {
    message.write((field << 3) | INTEGER);
    integer(value);
    return this;
  }

  private OnnxModel text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private OnnxModel message(int field, OnnxModel value) {
    return bytes(field, value.bytes());
  }

  private OnnxModel bytes(int field, byte[] value) {
    message.write((field << 3) | BYTES);
    integer(value.length);
    message.writeBytes(value);
    return this;
  }

  private void integer(int value) {
    int rest = value;
    while (rest >= 0x80) {
      message.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    message.write(rest);
  }

  private byte[] bytes() {
    return message.toByteArray();
  }
}
