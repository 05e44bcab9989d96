// Tells the thread sanitizer what the contended path of Swift's Mutex does.
//
// A lock that is free is taken by an atomic exchange that the compiler puts into our own code,
// where the sanitizer sees it. One that is not free is taken, and handed on, by system calls in
// libswiftSynchronization, which is built without the sanitizer: it would report a race on whatever
// the lock guards. These functions have the names of those in the library, call them, and add what
// the sanitizer can't see. Nothing is suppressed.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && defined(__linux__)

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define CONTEXT __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void raceLock(uint32_t thread, CONTEXT void *mutex) __asm__(LOCK);
SWIFT bool raceTryLock(CONTEXT void *mutex) __asm__(TRY_LOCK);
SWIFT void raceUnlock(CONTEXT void *mutex) __asm__(UNLOCK);

SWIFT void raceLock(uint32_t thread, CONTEXT void *mutex) {
  SWIFT void (*next)(uint32_t, CONTEXT void *) = dlsym(RTLD_NEXT, LOCK);
  next(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT bool raceTryLock(CONTEXT void *mutex) {
  SWIFT bool (*next)(CONTEXT void *) = dlsym(RTLD_NEXT, TRY_LOCK);
  bool taken = next(mutex);
  if (taken) __tsan_acquire(mutex);
  return taken;
}

SWIFT void raceUnlock(CONTEXT void *mutex) {
  SWIFT void (*next)(CONTEXT void *) = dlsym(RTLD_NEXT, UNLOCK);
  __tsan_release(mutex);
  next(mutex);
}

#endif
#endif
