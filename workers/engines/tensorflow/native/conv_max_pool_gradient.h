// The gradient of max pooling over a convolution (stride 1), which takes only what passed the pooling.
//
// Of each pooling window one place has a gradient, so of a 2x2 pooled convolution's output three quarters
// are zeros. Dense kernels multiply them all the same; these keep a list, channel by channel, of what is
// not zero (after ReLU that is again half of it) and add up these terms alone.

#pragma once

#include <cstdint>

namespace lockstep {

struct ConvMaxPool {
  // Images, their height and width, and the channels before and after the convolution.
  int images, height, width, inputs, outputs;
  // The kernel is square: 3 or 5. Zeros around the image, above and to the left.
  int kernel, padTop, padLeft;
  // Of the convolution's output and of the pooled one; pooling windows lie all inside.
  int convHeight, convWidth, pooledHeight, pooledWidth;
  int poolWidth, strideHeight, strideWidth;
  int threads;

  const float *x;        // [images, height, width, inputs]
  const float *filter;   // [kernel, kernel, inputs, outputs]
  const float *dy;       // [images, pooledHeight, pooledWidth, outputs]
  const uint8_t *places; // of each maximum in its window, row by row; the shape of dy
  float *dFilter;        // the shape of filter
  float *dx;             // the shape of x, or null where nobody asks
};

// The same code for two kinds of processors.
namespace avx2 { void convMaxPoolGradient(const ConvMaxPool &); }
namespace avx512 { void convMaxPoolGradient(const ConvMaxPool &); }

} // namespace lockstep
