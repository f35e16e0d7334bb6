package io.surprisal.bench.evaluate;

import io.surprisal.ElementType;

/** How a float is saved. */
enum FloatFormat {
  FLOAT16("float16", ElementType.FLOAT16),
  BFLOAT16("bfloat16", ElementType.BFLOAT16),
  FLOAT32("float32", ElementType.FLOAT),
  FLOAT64("float64", ElementType.DOUBLE);

  private final String words;
  private final ElementType type;

  FloatFormat(String words, ElementType type) {
    this.words = words;
    this.type = type;
  }

  /** What the library calls it. */
  ElementType type() {
    return type;
  }

  @Override
  public String toString() {
    return words;
  }
}
