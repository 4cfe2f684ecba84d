// LockstepDescend: parameter - rate * direction in one pass over memory, where two operations of TensorFlow
// write the product and read it again. Each value is rounded as theirs: first the product, then the difference.

#include "operation.h"

namespace lockstep {
namespace {

void shapes(TF_ShapeInferenceContext *context, TF_Status *status) { sameShape(context, 0, 0, status); }
void *create(TF_OpKernelConstruction *) { return nullptr; }
void destroy(void *) {}

void compute(void *, TF_OpKernelContext *context) {
  Call call(context);
  TF_Tensor *parameter = call.input(0), *direction = call.input(1), *rate = call.input(2);
  if (!call.ok()) return;
  const int64_t count = TF_TensorElementCount(parameter);
  call.expect(TF_TensorElementCount(direction) == count, "parameter and direction of the same shape");
  call.expect(TF_TensorElementCount(rate) == 1, "a single rate");
  if (!call.ok()) return;
  TF_Tensor *result = call.output(0, parameter);
  if (!call.ok()) return;
  const float *from = data<float>(parameter), *along = data<float>(direction);
  const float by = *data<float>(rate);
  float *to = data<float>(result);
  typedef float Vector __attribute__((vector_size(16), aligned(4), may_alias));
  int64_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const Vector product = by * *reinterpret_cast<const Vector *>(along + i);
    *reinterpret_cast<Vector *>(to + i) = *reinterpret_cast<const Vector *>(from + i) - product;
  }
  for (; i < count; i++) {
    const float product = by * along[i];
    to[i] = from[i] - product;
  }
}

const bool registered = registerOperation({
    "LockstepDescend",
    {"parameter: float", "direction: float", "rate: float"},
    {"result: float"},
    {},
    shapes,
    create,
    compute,
    destroy,
});

} // namespace
} // namespace lockstep
