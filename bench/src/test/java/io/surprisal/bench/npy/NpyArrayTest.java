package io.surprisal.bench.npy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.surprisal.bench.console.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyArrayTest {
  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("array.npy"), bytes);
  }

  private Path file(String dictionary, int dataBytes) throws IOException {
    return file(SavedArray.bytes(1, dictionary, new byte[dataBytes]));
  }

  private static void assertRefused(Path file, String reason) {
    try (Arena arena = Arena.ofConfined()) {
      InputException refusal = assertThrows(InputException.class, () -> NpyArray.map(file, arena));
      assertTrue(refusal.getMessage().startsWith(file + ": "), refusal.getMessage());
      assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyVersionIsRead(int version) throws IOException, InputException {
    byte[] data = SavedArray.data(">f4", 1.5, -2, 3, 4, 5, 6);
    Path file = file(SavedArray.bytes(version, SavedArray.dictionary(">f4", 2, 3), data));
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(file, arena);
      assertEquals(List.of(2L, 3L), array.shape());
      assertEquals(NpyElement.F4, array.header().element());
      assertEquals(ByteOrder.BIG_ENDIAN, array.header().order());
      ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
      assertEquals(-2, array.data().get(layout, 4));
      assertEquals(24, array.data().byteSize());
      assertTrue(array.data().isReadOnly());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {'descr': '<f4', 'fortran_order': False, 'shape': (3,), }   ; (3,)   ; 12
          {"shape":(3L,),"fortran_order":False,"descr":"<f4"}         ; (3,)   ; 12
          {'descr': '=f4', 'fortran_order': False, 'shape': (1, 3)}   ; (1, 3) ; 12
          {'descr': '|u1', 'fortran_order': False, 'shape': (12,), }  ; (12,)  ; 12
          {'descr': '<f8', 'fortran_order': False, 'shape': (), }     ; ()     ; 8
          {'descr': '<f8', 'fortran_order': True, 'shape': (2,), }    ; (2,)   ; 16
          {'descr': '|V2', 'fortran_order': False, 'shape': (3, 2), } ; (3, 2) ; 12
          {'descr': '<i8', 'fortran_order': False, 'shape': (0, 9000000000000000000, 9), } ; (0, 9000000000000000000, 9) ; 0
          """)
  void headersThatPythonWritesAreRead(String dictionary, String shape, int bytes)
      throws IOException, InputException {
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(file(dictionary, bytes), arena);
      assertEquals(shape, NpyHeader.text(array.shape()));
      assertEquals(bytes, array.data().byteSize());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {'descr': '<f4', 'fortran_order': True, 'shape': (3, 1), }   ; Fortran order
          {'descr': '|O', 'fortran_order': False, 'shape': (3,), }     ; Python objects
          {'descr': 'O', 'fortran_order': False, 'shape': (3,), }      ; Python objects
          {'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), } ; structures
          {'descr': ('<f4', (1,)), 'fortran_order': False, 'shape': (3,), } ; structures
          {'descr': '<c8', 'fortran_order': False, 'shape': (3,), }    ; its type '<c8'
          {'descr': '|b1', 'fortran_order': False, 'shape': (12,), }   ; its type '|b1'
          {'descr': '<U3', 'fortran_order': False, 'shape': (1,), }    ; its type '<U3'
          {'descr': '|f4', 'fortran_order': False, 'shape': (3,), }    ; its type '|f4'
          {'descr': 'f4', 'fortran_order': False, 'shape': (3,), }     ; its type 'f4'
          {'descr': '<F4', 'fortran_order': False, 'shape': (3,), }    ; its type '<F4'
          {'descr': '', 'fortran_order': False, 'shape': (3,), }       ; its type ''
          {'descr': '<f4', 'fortran_order': False, 'shape': (3), }     ; a number, not a tuple
          {'descr': '<f4', 'fortran_order': False, 'shape': (-3,), }   ; a size is missing at character 51
          {'descr': '<f4', 'fortran_order': False, 'shape': (,), }     ; a size is missing
          {'descr': '<f4', 'fortran_order': False, 'shape': (3 3), }   ; ')' is missing
          {'descr': '<f4', 'fortran_order': 0, 'shape': (3,), }        ; True or False is missing
          {'descr': '<f4', 'fortran_order': False, 'shape': (4,), }    ; says 16 bytes of data, float32 of shape (4,), but 12 follow: it is cut off
          {'descr': '<f4', 'fortran_order': False, 'shape': (2,), }    ; says 8 bytes of data, float32 of shape (2,), but 12 follow
          {'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), } ; (4611686018427387904, 4) overflows
          {'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), } ; (4611686018427387904,) overflows
          {'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), } ; overflows: an axis of 99999999999999999999
          {'descr': '<f4', 'fortran_order': False, 'shape': (3,), } 1  ; the end is missing
          {'descr': '<f4', 'fortran_order': False, 'shape': (3,)       ; '}' is missing
          {'descr': '<f4', 'fortran_order': False, }                   ; has no 'shape'
          {'descr': '<f4', 'shape': (3,), }                            ; has no 'fortran_order'
          {'fortran_order': False, 'shape': (3,), }                    ; has no 'descr'
          {'descr': '<f4', 'descr': '<f4', }                           ; has 'descr' twice
          {'descr': '<f4', 'size': 3, }                                ; unknown key 'size'
          {'descr': '<f4                                               ; ends within quotes
          {'descr': '<\\x664', 'fortran_order': False, 'shape': (3,), } ; a plain word in quotes is missing
          [1, 2]                                                       ; '{' is missing at character 0
          """)
  void otherHeadersAreRefused(String dictionary, String reason) throws IOException {
    assertRefused(file(dictionary, 12), reason);
  }

  @Test
  void moreAxesThanNumpyHasAreRefused() throws IOException {
    String shape = "(" + "1, ".repeat(65) + ")";
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    assertRefused(file(dictionary, 4), "more than 64 axes");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertRefused(file("PK\u0003\u0004 an archive"), "an archive (.npz?)");
    assertRefused(file("what is this"), "not a .npy file");
    assertRefused(file(""), "not a .npy file");
    assertRefused(folder, "is a directory");
    assertRefused(folder.resolve("none.npy"), "no such file");
    assertRefused(Path.of("/dev/zero"), "is no regular file");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("array.npy"), text);
  }

  @Test
  void otherVersionsAreRefused() throws IOException {
    byte[] bytes = SavedArray.bytes(1, SavedArray.dictionary("<f4", 1), new byte[4]);
    bytes[6] = 4;
    assertRefused(file(bytes), "version 4.0");
    bytes[6] = (byte) 255;
    assertRefused(file(bytes), "version 255.0");
    bytes[6] = 1;
    bytes[7] = 1;
    assertRefused(file(bytes), "version 1.1");
  }

  @Test
  void lengthThatLiesAllocatesNothing() throws IOException {
    byte[] bytes = SavedArray.bytes(2, SavedArray.dictionary("<f4", 1), new byte[4]);
    bytes[11] = (byte) 0x80;
    assertRefused(file(bytes), "more than the 65535 that are read");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] bytes = SavedArray.bytes(1, SavedArray.dictionary("<f4", 2, 2), new byte[16]);
    for (int length = 0; length < bytes.length; length++) {
      String reason = length < 6 ? "not a .npy file" : "cut off";
      assertRefused(file(Arrays.copyOf(bytes, length)), reason);
    }
  }
}
