// LockstepUniform: the values of TensorFlow's StatelessRandomUniform for float32 and a seed of two int32, bit for bit,
// eight blocks of Philox 4x32-10 (Salmon et al., SC 2011) at a time; TensorFlow draws one after the other.

#include <immintrin.h>

#include <algorithm>
#include <vector>

#include "operation.h"
#include "processor.h"

namespace lockstep {
namespace {

constexpr uint32_t multiplier0 = 0xD2511F53, multiplier1 = 0xCD9E8D57, weyl0 = 0x9E3779B9, weyl1 = 0xBB67AE85;
constexpr int rounds = 10, lanes = 8;

struct Block {
  uint32_t words[4];
};

Block philox(Block counter, uint32_t key0, uint32_t key1) {
  uint32_t *x = counter.words;
  for (int round = 0; round < rounds; round++, key0 += weyl0, key1 += weyl1) {
    const uint64_t a = static_cast<uint64_t>(multiplier0) * x[0], b = static_cast<uint64_t>(multiplier1) * x[2];
    const uint32_t high0 = a >> 32, high1 = b >> 32;
    counter = {{high1 ^ x[1] ^ key0, static_cast<uint32_t>(b), high0 ^ x[3] ^ key1, static_cast<uint32_t>(a)}};
  }
  return counter;
}

// TensorFlow scrambles a seed with a key of its own (GenerateKey in stateless_random_ops.cc).
Block scramble(const int32_t *seed) {
  const auto word = [](int64_t value, int shift) { return static_cast<uint32_t>(static_cast<uint64_t>(value) >> shift); };
  return philox({{word(seed[0], 0), word(seed[0], 32), word(seed[1], 0), word(seed[1], 32)}}, 0x3EC8F720, 0x02461E29);
}

__attribute__((target("avx2"))) inline void multiply(__m256i x, uint32_t by, __m256i &high, __m256i &low) {
  const __m256i factor = _mm256_set1_epi32(static_cast<int>(by));
  const __m256i even = _mm256_mul_epu32(x, factor), odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), factor);
  low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
  high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
}

// The lowest 23 bits of each word as a number in [0, 1).
__attribute__((target("avx2"))) inline __m256 unit(__m256i words) {
  const __m256i bits = _mm256_or_si256(_mm256_and_si256(words, _mm256_set1_epi32(0x7FFFFF)), _mm256_set1_epi32(0x3F800000));
  return _mm256_sub_ps(_mm256_castsi256_ps(bits), _mm256_set1_ps(1));
}

// The values of eight blocks from one on.
__attribute__((target("avx2"))) void draw(float *to, uint32_t first, const Block &scrambled) {
  const auto splat = [](uint32_t word) __attribute__((target("avx2"))) { return _mm256_set1_epi32(static_cast<int>(word)); };
  __m256i x0 = _mm256_add_epi32(splat(first), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  __m256i x1 = _mm256_setzero_si256(), x2 = splat(scrambled.words[2]), x3 = splat(scrambled.words[3]);
  uint32_t key0 = scrambled.words[0], key1 = scrambled.words[1];
  for (int round = 0; round < rounds; round++, key0 += weyl0, key1 += weyl1) {
    __m256i high0, low0, high1, low1;
    multiply(x0, multiplier0, high0, low0);
    multiply(x2, multiplier1, high1, low1);
    x0 = _mm256_xor_si256(_mm256_xor_si256(high1, x1), splat(key0));
    x2 = _mm256_xor_si256(_mm256_xor_si256(high0, x3), splat(key1));
    x1 = low1;
    x3 = low0;
  }
  // Each block's words beside each other: blocks 0 to 3 are in the lower halves.
  const __m256i a = _mm256_unpacklo_epi32(x0, x1), b = _mm256_unpackhi_epi32(x0, x1);
  const __m256i c = _mm256_unpacklo_epi32(x2, x3), d = _mm256_unpackhi_epi32(x2, x3);
  const __m256 blocks[4] = {unit(_mm256_unpacklo_epi64(a, c)), unit(_mm256_unpackhi_epi64(a, c)),
                            unit(_mm256_unpacklo_epi64(b, d)), unit(_mm256_unpackhi_epi64(b, d))};
  for (int block = 0; block < 4; block++) {
    _mm_storeu_ps(to + 4 * block, _mm256_castps256_ps128(blocks[block]));
    _mm_storeu_ps(to + 16 + 4 * block, _mm256_extractf128_ps(blocks[block], 1));
  }
}

void shapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}
void *create(TF_OpKernelConstruction *) { return nullptr; }
void destroy(void *) {}

void compute(void *, TF_OpKernelContext *context) {
  Call call(context);
  TF_Tensor *shape = call.input(0), *seed = call.input(1);
  if (!call.ok() || !call.expect(TF_TensorElementCount(seed) == 2, "a seed of two numbers")) return;
  const int32_t *sizes = data<int32_t>(shape);
  const std::vector<int64_t> dimensions(sizes, sizes + TF_TensorElementCount(shape));
  TF_Tensor *result = call.output(0, dimensions);
  if (!call.ok()) return;
  const Block scrambled = scramble(data<int32_t>(seed));
  const int64_t count = TF_TensorElementCount(result), whole = 4 * lanes;
  float *to = data<float>(result);
  int64_t at = 0;
  for (; at + whole <= count; at += whole) draw(to + at, static_cast<uint32_t>(at / 4), scrambled);
  if (at == count) return;
  float rest[4 * lanes];
  draw(rest, static_cast<uint32_t>(at / 4), scrambled);
  std::copy(rest, rest + (count - at), to + at);
}

// Where a processor cannot run it there is no such operation, and TensorFlow's own is used.
const bool registered = Processor().avx2 && registerOperation({
                                                "LockstepUniform",
                                                {"shape: int32", "seed: int32"},
                                                {"values: float"},
                                                {},
                                                shapes,
                                                create,
                                                compute,
                                                destroy,
                                            });

} // namespace
} // namespace lockstep
