#pragma once

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace lockstep {

// oneDNN's generated matrix products (`dnnl_sgemm` with AVX2 or AVX-512) do not bear signals: where a handler
// runs in the midst of one the heap is corrupt afterwards. Seen when they ran in a process's main thread, of
// which some thousand signals are enough. So threads that compute take none, and leave them to the main
// thread, which does not; else they would come here whenever that one has a signal already. Faults stay, and so
// does the profiler's, which asks for this very thread.
inline void leaveSignalsToMainThread() {
  thread_local const bool done = [] {
    if (syscall(SYS_gettid) == getpid()) return false;
    sigset_t signals;
    sigfillset(&signals);
    for (int kept : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF}) sigdelset(&signals, kept);
    return pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0;
  }();
  (void)done;
}

} // namespace lockstep
