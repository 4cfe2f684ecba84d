// What Lockstep's operations share: the tensors of a call, and registration with TensorFlow.

#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "kernel_api.h"
#include "signals.h"
#include "tensorflow/c/ops.h"

namespace lockstep {

// The tensors of one call, given back when it ends; errors are kept and reported once.
class Call {
 public:
  explicit Call(TF_OpKernelContext *context) : context(context), status(TF_NewStatus()) {
    leaveSignalsToMainThread();
  }
  Call(const Call &) = delete;
  ~Call() {
    for (TF_Tensor *tensor : tensors) TF_DeleteTensor(tensor);
    if (!ok()) TF_OpKernelContext_Failure(context, status);
    TF_DeleteStatus(status);
  }

  bool ok() const { return TF_GetCode(status) == TF_OK; }
  // Whether all is well so far, and this holds too.
  bool expect(bool holds, const char *what) {
    if (ok() && !holds) TF_SetStatus(status, TF_INVALID_ARGUMENT, (std::string("expected ") + what).c_str());
    return ok();
  }
  TF_Tensor *input(int index) {
    TF_Tensor *tensor = nullptr;
    if (ok()) TF_GetInput(context, index, &tensor, status);
    return kept(tensor);
  }
  // A float tensor of the shape of another, or of none of its elements.
  TF_Tensor *output(int index, TF_Tensor *like, bool empty = false) {
    int64_t shape[8] = {};
    const int rank = TF_NumDims(like);
    if (!expect(rank <= 8, "at most eight dimensions")) return nullptr;
    for (int axis = 0; axis < rank; axis++) shape[axis] = TF_Dim(like, axis);
    if (empty) shape[0] = 0;
    const size_t bytes = empty ? 0 : TF_TensorElementCount(like) * sizeof(float);
    return kept(TF_AllocateOutput(context, index, TF_FLOAT, shape, rank, bytes, status));
  }
  // A float tensor of a shape.
  TF_Tensor *output(int index, const std::vector<int64_t> &shape) {
    int64_t count = 1;
    for (const int64_t length : shape) count *= length;
    return kept(TF_AllocateOutput(context, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                                  count * sizeof(float), status));
  }

 private:
  TF_Tensor *kept(TF_Tensor *tensor) {
    if (tensor != nullptr) tensors.push_back(tensor);
    return tensor;
  }

  TF_OpKernelContext *context;
  TF_Status *status;
  std::vector<TF_Tensor *> tensors;
};

template <typename Value>
Value *data(TF_Tensor *tensor) {
  return static_cast<Value *>(TF_TensorData(tensor));
}

struct Operation {
  const char *name;
  // One without outputs changes its inputs.
  std::initializer_list<const char *> inputs, outputs, attributes;
  // What a graph's plan learns of the outputs' shapes.
  void (*shapes)(TF_ShapeInferenceContext *, TF_Status *);
  void *(*create)(TF_OpKernelConstruction *);
  void (*compute)(void *, TF_OpKernelContext *);
  void (*destroy)(void *);
};

// The output has the shape of an input.
void sameShape(TF_ShapeInferenceContext *context, int output, int input, TF_Status *status);

// Whether TensorFlow has taken it.
bool registerOperation(const Operation &operation);

} // namespace lockstep
