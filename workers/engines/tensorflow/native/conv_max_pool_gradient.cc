// Compiled once for each kind of processor: LOCKSTEP_ISA names it, LOCKSTEP_LANES says how many floats
// its vectors hold.

#include "conv_max_pool_gradient.h"

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

namespace lockstep {
namespace LOCKSTEP_ISA {
namespace {

constexpr int lanes = LOCKSTEP_LANES;
typedef float Vector __attribute__((vector_size(4 * lanes), aligned(4), may_alias));

// A gradient that is not zero, and where its window of taps begins.
struct Term {
  float value;
  int32_t at;
};

// out[row][column] += sum of value * x[at + row, column], over vectors of channels. Summed from zero, so
// that what is added to `out` is as exact as a short sum. The sums stay in registers: as many rows at a
// time as fit.
template <int rows, int columns>
void addRows(const Term *terms, int count, const float *x, int rowStride, float *out) {
  Vector sums[rows * columns] = {};
  for (int i = 0; i < count; i++) {
    const float *window = x + terms[i].at;
    const Vector value = Vector{} + terms[i].value;
#pragma GCC unroll 8
    for (int row = 0; row < rows; row++) {
      const Vector *taps = reinterpret_cast<const Vector *>(window + row * rowStride);
#pragma GCC unroll 8
      for (int column = 0; column < columns; column++) sums[row * columns + column] += value * taps[column];
    }
  }
  Vector *to = reinterpret_cast<Vector *>(out);
  for (int tap = 0; tap < rows * columns; tap++) to[tap] += sums[tap];
}

// dx[at + row, column] += value * filter[row][column]: the taps stay in registers.
template <int rows, int columns>
void spreadRows(const Term *terms, int count, const float *filter, int rowStride, float *dx) {
  Vector taps[rows * columns];
  for (int tap = 0; tap < rows * columns; tap++) taps[tap] = reinterpret_cast<const Vector *>(filter)[tap];
  for (int i = 0; i < count; i++) {
    float *window = dx + terms[i].at;
    const Vector value = Vector{} + terms[i].value;
#pragma GCC unroll 8
    for (int row = 0; row < rows; row++) {
      Vector *to = reinterpret_cast<Vector *>(window + row * rowStride);
#pragma GCC unroll 8
      for (int column = 0; column < columns; column++) to[column] += value * taps[row * columns + column];
    }
  }
}

// How many rows of so many vectors the registers hold, one kept for the value and one for loading.
constexpr int rowsAtOnce(int rows, int columns) {
  return std::min(rows, (lanes == 16 ? 30 : 12) / columns);
}

template <int rows, int columns>
void add(const Term *terms, int count, const float *x, int rowStride, float *out) {
  constexpr int now = rowsAtOnce(rows, columns);
  addRows<now, columns>(terms, count, x, rowStride, out);
  if constexpr (now < rows) {
    add<rows - now, columns>(terms, count, x + now * rowStride, rowStride, out + now * columns * lanes);
  }
}

template <int rows, int columns>
void spread(const Term *terms, int count, const float *filter, int rowStride, float *dx) {
  constexpr int now = rowsAtOnce(rows, columns);
  spreadRows<now, columns>(terms, count, filter, rowStride, dx);
  if constexpr (now < rows) {
    spread<rows - now, columns>(terms, count, filter + now * columns * lanes, rowStride, dx + now * rowStride);
  }
}

// Memory that starts where a cache line does.
class Buffer {
 public:
  explicit Buffer(size_t size) : memory(size + 16) {
    const auto address = reinterpret_cast<uintptr_t>(memory.data());
    start = memory.data() + (64 - address % 64) % 64 / sizeof(float);
    length = size;
  }
  float *data() const { return start; }
  void clear() { std::memset(start, 0, length * sizeof(float)); }

 private:
  std::vector<float> memory;
  float *start;
  size_t length;
};

// The padded images, one at a time, and what is summed over them. Channels lie in blocks of as many as a
// vector holds, the last one filled up with zeros. An image of one channel is its own row of vectors:
// what lies side by side there are the columns of the taps, more than the kernel has.
template <int kernel>
class Work {
 public:
  Work(const ConvMaxPool &task, const Buffer &filter)
      : task(task),
        thin(task.inputs == 1),
        step(thin ? 1 : lanes),
        blocks(thin ? 1 : (task.inputs + lanes - 1) / lanes),
        paddedHeight(task.convHeight + kernel - 1),
        paddedWidth(task.convWidth + kernel - 1),
        plane(paddedHeight * paddedWidth * step),
        taps(kernel * (thin ? 1 : kernel) * lanes),
        filter(filter),
        // What a thin image's last vectors read beyond it.
        image(blocks * plane + lanes),
        dImage(task.dx == nullptr ? 0 : blocks * plane),
        sums(static_cast<size_t>(task.outputs) * blocks * taps),
        terms(static_cast<size_t>(task.outputs) * task.pooledHeight * task.pooledWidth),
        counts(task.outputs) {
    for (int place = 0; place < 256; place++) {
      offsets[place] = (place / task.poolWidth * paddedWidth + place % task.poolWidth) * step;
    }
  }

  void run(int from, int to) {
    for (int n = from; n < to; n++) {
      pack(n);
      listTerms(n);
      if (task.dx != nullptr) dImage.clear();
      for (int block = 0; block < blocks; block++) {
        for (int channel = 0; channel < task.outputs; channel++) gradients(block, channel);
      }
      if (task.dx != nullptr) unpack(n);
    }
  }

  // Adds the sums over this part of the images to the filter's gradient.
  void addFilterGradient() const {
    for (int row = 0; row < kernel; row++) {
      for (int column = 0; column < kernel; column++) {
        for (int input = 0; input < task.inputs; input++) {
          float *to = task.dFilter + ((row * kernel + column) * task.inputs + input) * task.outputs;
          const int at = thin ? row * lanes + column
                              : input / lanes * taps + (row * kernel + column) * lanes + input % lanes;
          for (int channel = 0; channel < task.outputs; channel++) {
            to[channel] += sums.data()[static_cast<size_t>(channel) * blocks * taps + at];
          }
        }
      }
    }
  }

 private:
  void gradients(int block, int channel) {
    const Term *own = terms.data() + static_cast<size_t>(channel) * task.pooledHeight * task.pooledWidth;
    const int count = counts[channel], rowStride = paddedWidth * step;
    const size_t at = (static_cast<size_t>(channel) * blocks + block) * taps;
    const float *x = image.data() + static_cast<size_t>(block) * plane;
    if (thin) {
      add<kernel, 1>(own, count, x, rowStride, sums.data() + at);
      return;
    }
    add<kernel, kernel>(own, count, x, rowStride, sums.data() + at);
    if (task.dx == nullptr) return;
    float *dx = dImage.data() + static_cast<size_t>(block) * plane;
    spread<kernel, kernel>(own, count, filter.data() + at, rowStride, dx);
  }

  template <typename Move>
  void eachPixel(int n, Move move) const {
    // Where the padding is less than the kernel allows, the image's last rows can lie outside.
    const int height = std::min(task.height, paddedHeight - task.padTop);
    const int width = std::min(task.width, paddedWidth - task.padLeft);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        const size_t pixel = (static_cast<size_t>(n) * task.height + row) * task.width + column;
        const size_t padded = (row + task.padTop) * paddedWidth + column + task.padLeft;
        for (int block = 0; block < blocks; block++) {
          const int channels = std::min(thin ? 1 : lanes, task.inputs - block * lanes);
          move(pixel * task.inputs + block * lanes, block * static_cast<size_t>(plane) + padded * step,
               channels * sizeof(float));
        }
      }
    }
  }

  void pack(int n) {
    eachPixel(n, [&](size_t from, size_t to, size_t bytes) { std::memcpy(image.data() + to, task.x + from, bytes); });
  }

  void unpack(int n) const {
    eachPixel(n, [&](size_t to, size_t from, size_t bytes) { std::memcpy(task.dx + to, dImage.data() + from, bytes); });
  }

  void listTerms(int n) {
    const int outputs = task.outputs, positions = task.pooledHeight * task.pooledWidth;
    std::fill(counts.begin(), counts.end(), 0);
    for (int position = 0; position < positions; position++) {
      const int row = position / task.pooledWidth * task.strideHeight;
      const int column = position % task.pooledWidth * task.strideWidth;
      const int window = (row * paddedWidth + column) * step;
      const size_t at = (static_cast<size_t>(n) * positions + position) * outputs;
      for (int channel = 0; channel < outputs; channel++) {
        const float value = task.dy[at + channel];
        Term &term = terms[static_cast<size_t>(channel) * positions + counts[channel]];
        term.value = value;
        term.at = window + offsets[task.places[at + channel]];
        // Without a branch, which would be guessed wrong as often as not. NaN is not zero either.
        counts[channel] += value != 0;
      }
    }
  }

  const ConvMaxPool &task;
  const bool thin;
  const int step, blocks, paddedHeight, paddedWidth, plane, taps;
  const Buffer &filter;
  Buffer image, dImage, sums;
  std::vector<Term> terms;
  std::vector<int> counts;
  // From where a pooling window begins to each place in it.
  int32_t offsets[256];
};

// The filter in the order of the sums: [outputs, block, row, column, channel of the block].
template <int kernel>
Buffer packFilter(const ConvMaxPool &task) {
  if (task.dx == nullptr) return Buffer(0);
  const int blocks = (task.inputs + lanes - 1) / lanes, taps = kernel * kernel;
  Buffer packed(static_cast<size_t>(task.outputs) * blocks * taps * lanes);
  for (int tap = 0; tap < taps; tap++) {
    for (int input = 0; input < task.inputs; input++) {
      const float *from = task.filter + (static_cast<size_t>(tap) * task.inputs + input) * task.outputs;
      for (int channel = 0; channel < task.outputs; channel++) {
        const size_t block = static_cast<size_t>(channel) * blocks + input / lanes;
        packed.data()[(block * taps + tap) * lanes + input % lanes] = from[channel];
      }
    }
  }
  return packed;
}

template <int kernel>
void gradient(const ConvMaxPool &task) {
  const Buffer filter = packFilter<kernel>(task);
  const int parts = std::max(1, std::min(task.threads, task.images));
  std::vector<Work<kernel>> works;
  works.reserve(parts);
  for (int part = 0; part < parts; part++) works.emplace_back(task, filter);
  const auto work = [&](int part) {
    const auto start = [&](int of) { return static_cast<int>(static_cast<int64_t>(task.images) * of / parts); };
    works[part].run(start(part), start(part + 1));
  };
  std::vector<std::thread> threads;
  for (int part = 1; part < parts; part++) threads.emplace_back(work, part);
  work(0);
  for (std::thread &thread : threads) thread.join();
  const size_t size = static_cast<size_t>(kernel) * kernel * task.inputs * task.outputs;
  std::memset(task.dFilter, 0, size * sizeof(float));
  // In order, so that the same number of threads gives the same sum.
  for (const Work<kernel> &done : works) done.addFilterGradient();
}

} // namespace

void convMaxPoolGradient(const ConvMaxPool &task) {
  if (task.kernel == 3) gradient<3>(task);
  else gradient<5>(task);
}

} // namespace LOCKSTEP_ISA
} // namespace lockstep
