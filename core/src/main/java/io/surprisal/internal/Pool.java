package io.surprisal.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Objects that are lent out and used again, so that a call allocates nothing in the steady state
 * whatever thread it comes from, a virtual one too.
 *
 * @param <T> what is lent
 */
final class Pool<T> {
  private final AtomicReferenceArray<T> idle =
      new AtomicReferenceArray<>(
          Math.max(Workers.MOST, 2 * Runtime.getRuntime().availableProcessors()));

  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** Lends an object, a new one where all are in use. */
  T acquire() {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.getPlain(i) != null) {
        T object = idle.getAndSet(i, null);
        if (object != null) {
          return object;
        }
      }
    }
    return maker.get();
  }

  /** Takes an object back; it is dropped where enough are idle. */
  void release(T object) {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, object)) {
        return;
      }
    }
  }
}
