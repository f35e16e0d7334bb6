package io.surprisal.bench.golden;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.surprisal.bench.console.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** Reads golden files, plain JSON or gzipped, one case at a time. */
final class GoldenReader {
  /** Results of float32 arithmetic: never the truth, so never read. */
  private static final Set<String> UNREAD = Set.of("out32", "grad32");

  private static final int GZIP_MAGIC = 0x1f8b;

  private GoldenReader() {}

  /**
   * Hands over every case of a file, in order.
   *
   * @throws InputException if the file cannot be read to its end or is no golden file
   */
  static void read(Path file, Consumer<GoldenCase> cases) throws InputException {
    try (InputStream bytes = open(file);
        JsonParser parser = new JsonFactory().createParser(bytes)) {
      readFile(parser, cases);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": no such file", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + firstLine(e), e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
    try {
      bytes.mark(2);
      boolean zipped = (bytes.read() << 8 | bytes.read()) == GZIP_MAGIC;
      bytes.reset();
      return zipped ? new GZIPInputStream(bytes) : bytes;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  private static void readFile(JsonParser parser, Consumer<GoldenCase> cases) throws IOException {
    require(parser.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
    boolean found = false;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (name.equals("cases")) {
        found = true;
        readCases(parser, cases);
      } else {
        parser.skipChildren();
      }
    }
    require(parser.currentToken() == JsonToken.END_OBJECT, "it ends within the JSON object");
    require(found, "it has no 'cases'");
  }

  private static void readCases(JsonParser parser, Consumer<GoldenCase> cases) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "'cases' is not a list");
    for (int number = 0; parser.nextToken() == JsonToken.START_OBJECT; number++) {
      Map<String, List<String>> fields = readCase(parser);
      GoldenCase next;
      try {
        next = GoldenCase.of(number, fields);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new IOException("case " + number + ": " + e.getMessage(), e);
      }
      cases.accept(next);
    }
    require(parser.currentToken() == JsonToken.END_ARRAY, "it ends within 'cases'");
  }

  /** The texts of all fields that are not null, a single value as a list of one. */
  private static Map<String, List<String>> readCase(JsonParser parser) throws IOException {
    Map<String, List<String>> fields = new HashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (UNREAD.contains(name)) {
        parser.skipChildren();
      } else if (token == JsonToken.START_ARRAY) {
        fields.put(name, readList(parser));
      } else if (token != JsonToken.VALUE_NULL) {
        fields.put(name, List.of(readValue(parser)));
      }
    }
    return fields;
  }

  private static List<String> readList(JsonParser parser) throws IOException {
    List<String> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(readValue(parser));
    }
    return values;
  }

  private static String readValue(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    require(
        token != null && token.isScalarValue(), "a field is neither a value nor a list of them");
    return parser.getText();
  }

  private static void require(boolean condition, String otherwise) throws IOException {
    if (!condition) {
      throw new IOException(otherwise);
    }
  }
}
