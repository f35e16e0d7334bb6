package io.surprisal.bench.draw;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Colours and letters: files of their own, put into what is written so that it needs no other. */
public enum StyleSheet {
  /** What pictures need, with the colours of light and dark screens. */
  PICTURES("pictures.css"),
  /** What the page needs besides. */
  PAGE("page.css");

  private final String resource;

  StyleSheet(String resource) {
    this.resource = resource;
  }

  /** The whole sheet. */
  public String text() {
    try (InputStream in = StyleSheet.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
