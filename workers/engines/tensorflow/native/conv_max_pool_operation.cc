// LockstepConvMaxPoolGrad, the operation of TensorFlow that runs the kernel for this processor.

#include "conv_max_pool_gradient.h"
#include "operation.h"
#include "processor.h"

namespace lockstep {
namespace {

struct Attributes {
  int32_t padTop, padLeft, poolWidth, strideHeight, strideWidth, threads;
  unsigned char inputGradient;
};

const Processor processor;

// The gradient of x is empty where nobody asks for it.
void shapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
  if (TF_GetCode(status) == TF_OK) sameShape(context, 0, 1, status);
}

void *create(TF_OpKernelConstruction *construction) {
  auto *attributes = new Attributes();
  TF_Status *status = TF_NewStatus();
  const auto read = [&](const char *name, int32_t &value) {
    if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrInt32(construction, name, &value, status);
  };
  read("pad_top", attributes->padTop);
  read("pad_left", attributes->padLeft);
  read("pool_width", attributes->poolWidth);
  read("stride_height", attributes->strideHeight);
  read("stride_width", attributes->strideWidth);
  read("threads", attributes->threads);
  if (TF_GetCode(status) == TF_OK) {
    TF_OpKernelConstruction_GetAttrBool(construction, "input_gradient", &attributes->inputGradient, status);
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return attributes;
}

void destroy(void *kernel) { delete static_cast<Attributes *>(kernel); }

void compute(void *kernel, TF_OpKernelContext *context) {
  const auto &attributes = *static_cast<const Attributes *>(kernel);
  Call call(context);
  TF_Tensor *x = call.input(0), *filter = call.input(1), *dy = call.input(2), *places = call.input(3);
  if (!call.ok()) return;
  if (!call.expect(TF_NumDims(x) == 4 && TF_NumDims(filter) == 4 && TF_NumDims(dy) == 4,
                   "x, filter and dy of four dimensions")) {
    return;
  }
  const auto size = [](TF_Tensor *tensor, int axis) { return static_cast<int>(TF_Dim(tensor, axis)); };
  ConvMaxPool task = {};
  task.images = size(x, 0);
  task.height = size(x, 1);
  task.width = size(x, 2);
  task.inputs = size(x, 3);
  task.outputs = size(filter, 3);
  task.kernel = size(filter, 0);
  task.padTop = attributes.padTop;
  task.padLeft = attributes.padLeft;
  task.convHeight = task.height + 2 * task.padTop - task.kernel + 1;
  task.convWidth = task.width + 2 * task.padLeft - task.kernel + 1;
  task.pooledHeight = size(dy, 1);
  task.pooledWidth = size(dy, 2);
  task.poolWidth = attributes.poolWidth;
  task.strideHeight = attributes.strideHeight;
  task.strideWidth = attributes.strideWidth;
  task.threads = attributes.threads;
  call.expect(task.kernel == size(filter, 1) && (task.kernel == 3 || task.kernel == 5), "a kernel of 3x3 or 5x5");
  call.expect(size(filter, 2) == task.inputs && size(dy, 3) == task.outputs && size(dy, 0) == task.images,
              "x, filter and dy to fit together");
  call.expect(TF_TensorElementCount(places) == TF_TensorElementCount(dy), "a place for each of dy");
  call.expect(task.inputs > 1 || !attributes.inputGradient, "no gradient of images of one channel to be asked for");
  // Wherever in its window a maximum was, the window of its taps lies in the padded image.
  call.expect(task.poolWidth > 0 && (task.pooledHeight - 1) * task.strideHeight + task.poolWidth <= task.convHeight &&
                  (task.pooledWidth - 1) * task.strideWidth + task.poolWidth <= task.convWidth,
              "pooling windows inside the convolution's output");
  if (!call.ok()) return;
  TF_Tensor *dFilter = call.output(0, filter);
  TF_Tensor *dx = call.output(1, x, !attributes.inputGradient);
  if (!call.ok()) return;
  task.x = data<float>(x);
  task.filter = data<float>(filter);
  task.dy = data<float>(dy);
  task.places = data<uint8_t>(places);
  task.dFilter = data<float>(dFilter);
  task.dx = attributes.inputGradient ? data<float>(dx) : nullptr;
  if (processor.avx512) {
    avx512::convMaxPoolGradient(task);
  } else {
    avx2::convMaxPoolGradient(task);
  }
}

// Where a processor cannot run it there is no such operation, and TensorFlow's own are used.
const bool registered = processor.avx2 &&
                        registerOperation({
                            "LockstepConvMaxPoolGrad",
                            {"x: float", "filter: float", "dy: float", "places: uint8"},
                            {"d_filter: float", "dx: float"},
                            {"pad_top: int", "pad_left: int", "pool_width: int", "stride_height: int",
                             "stride_width: int", "threads: int", "input_gradient: bool"},
                            shapes,
                            create,
                            compute,
                            destroy,
                        });

} // namespace
} // namespace lockstep
