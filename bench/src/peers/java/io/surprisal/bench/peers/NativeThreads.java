package io.surprisal.bench.peers;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Sets the number of threads of native code that is loaded already, by a function {@code void
 * f(int)} of it; JavaCPP's presets offer none.
 */
final class NativeThreads {
  /** Of OpenMP: for the thread that calls. */
  static final String OPEN_MP = "omp_set_num_threads";

  /** {@code at::set_num_threads(int)} of PyTorch, as the Itanium C++ ABI writes it. */
  static final String PYTORCH = "_ZN2at15set_num_threadsEi";

  private NativeThreads() {}

  /**
   * Sets it. A restricted call: the signature is what both functions have declared for years.
   *
   * @throws PeerException if nothing that is loaded has such a function
   */
  @SuppressWarnings("restricted")
  static void set(String function, int threads) throws PeerException {
    MemorySegment address =
        SymbolLookup.loaderLookup()
            .find(function)
            .orElseThrow(
                () -> new PeerException("its number of threads cannot be set: no " + function));
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    try {
      handle.invokeExact(threads);
    } catch (Throwable e) {
      throw new PeerException(e);
    }
  }
}
