package io.surprisal.bench.npy;

import java.util.Optional;

/** The types of elements that are read, by NumPy's letter and number of bytes. */
public enum NpyElement {
  F2("float16"),
  F4("float32"),
  F8("float64"),
  I1("int8"),
  I2("int16"),
  I4("int32"),
  I8("int64"),
  U1("uint8"),
  U2("uint16"),
  U4("uint32"),
  U8("uint64"),
  /** Two bytes that NumPy has no type for: what it writes of a bfloat16 of another package. */
  V2("two raw bytes");

  private final String words;

  NpyElement(String words) {
    this.words = words;
  }

  /** The type without its byte order, as in {@code f4}. */
  static Optional<NpyElement> of(String code) {
    for (NpyElement element : values()) {
      if (element.code().equals(code)) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  /** NumPy's letters are small, but for the one of raw bytes. */
  private String code() {
    return this == V2 ? name() : Character.toLowerCase(name().charAt(0)) + name().substring(1);
  }

  /** Bytes of an element. */
  public int bytes() {
    return name().charAt(1) - '0';
  }

  /** Whether it is a whole number of a known width. */
  public boolean isInteger() {
    return name().charAt(0) == 'I' || name().charAt(0) == 'U';
  }

  @Override
  public String toString() {
    return words;
  }
}
