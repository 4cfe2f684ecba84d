// Which instructions this processor has and the operating system lets it use. Asked of the processor itself:
// the compilers' own __builtin_cpu_supports does not link into a shared library with all of them.

#pragma once

#include <cpuid.h>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace lockstep {

struct Processor {
  bool avx2 = false, avx512 = false;

  Processor() {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    const bool fma = c >> 12 & 1, osxsave = c >> 27 & 1;
    if (!fma || !osxsave || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    const uint32_t saved = savedRegisters();
    avx2 = (b >> 5 & 1) && (saved & 0x06) == 0x06;
    const uint32_t foundation = 1u << 16, dq = 1u << 17, bw = 1u << 30, vl = 1u << 31;
    const uint32_t all = foundation | dq | bw | vl;
    avx512 = avx2 && (b & all) == all && (saved & 0xe6) == 0xe6 && !limited();
  }

 private:
  static uint32_t savedRegisters() {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
  }
  // By the variable that limits oneDNN's kernels, too.
  static bool limited() {
    const char *limit = std::getenv("ONEDNN_MAX_CPU_ISA");
    return limit != nullptr && std::strcmp(limit, "AVX2") == 0;
  }
};

} // namespace lockstep
