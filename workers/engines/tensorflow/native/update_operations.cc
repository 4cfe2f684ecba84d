// LockstepMomentum, LockstepAdam and LockstepRmsprop: the update of one parameter, and of what its optimizer keeps for
// it, in one pass over memory. As single operations they take up to twelve passes. Each value is rounded as there:
// every sum, product, quotient and root by itself.

#include <immintrin.h>

#include "operation.h"

namespace lockstep {
namespace {

// Four floats.
struct Lanes {
  __m128 values;
  Lanes(__m128 values) : values(values) {}
  Lanes(float value) : values(_mm_set1_ps(value)) {}
};
inline Lanes operator+(Lanes a, Lanes b) { return _mm_add_ps(a.values, b.values); }
inline Lanes operator-(Lanes a, Lanes b) { return _mm_sub_ps(a.values, b.values); }
inline Lanes operator*(Lanes a, Lanes b) { return _mm_mul_ps(a.values, b.values); }
inline Lanes operator/(Lanes a, Lanes b) { return _mm_div_ps(a.values, b.values); }
inline Lanes root(Lanes a) { return _mm_sqrt_ps(a.values); }
// NaN stays.
inline Lanes positive(Lanes a) { return _mm_max_ps(_mm_setzero_ps(), a.values); }

// The place in several tensors of one shape: whole lanes, or a last element in the first of them.
struct Place {
  int64_t index;
  bool whole;
  Lanes load(const float *from) const {
    return whole ? Lanes(_mm_loadu_ps(from + index)) : Lanes(_mm_set_ss(from[index]));
  }
  void store(float *to, Lanes lanes) const {
    if (whole) {
      _mm_storeu_ps(to + index, lanes.values);
    } else {
      _mm_store_ss(to + index, lanes.values);
    }
  }
};

template <typename Update>
void forEach(int64_t count, Update update) {
  int64_t index = 0;
  for (; index + 4 <= count; index += 4) update(Place{index, true});
  for (; index < count; index++) update(Place{index, false});
}

void check(TF_OpKernelConstruction *construction, TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
}

float readFloat(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  float value = 0;
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status);
  return value;
}

bool readBool(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  unsigned char value = 0;
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrBool(construction, name, &value, status);
  return value;
}

// The tensors of an update: the parameter, its gradient and what is kept for it, all of one shape, then the rate. The
// results are the new parameter and the new values of what is kept, a tensor of no elements for what is empty.
template <int kept>
class UpdateCall {
 public:
  explicit UpdateCall(TF_OpKernelContext *context) : call(context) {
    TF_Tensor *parameter = call.input(0), *direction = call.input(1), *slots[kept];
    for (int slot = 0; slot < kept; slot++) slots[slot] = call.input(2 + slot);
    TF_Tensor *single = call.input(2 + kept);
    if (!call.ok()) return;
    count = TF_TensorElementCount(parameter);
    call.expect(TF_TensorElementCount(direction) == count, "parameter and gradient of the same shape");
    call.expect(TF_TensorElementCount(single) == 1, "a single rate");
    for (int slot = 0; slot < kept; slot++) {
      const int64_t elements = TF_TensorElementCount(slots[slot]);
      call.expect(elements == count || elements == 0, "what is kept of the parameter's shape, or empty");
    }
    TF_Tensor *result = call.output(0, parameter);
    for (int slot = 0; slot < kept; slot++) {
      if (!call.ok()) return;
      const bool empty = TF_TensorElementCount(slots[slot]) == 0;
      TF_Tensor *changed = call.output(1 + slot, slots[slot]);
      if (!call.ok()) return;
      before[slot] = empty ? nullptr : data<float>(slots[slot]);
      after[slot] = empty ? nullptr : data<float>(changed);
    }
    from = data<float>(parameter);
    gradient = data<float>(direction);
    rate = *data<float>(single);
    to = data<float>(result);
  }
  bool ok() const { return call.ok(); }
  bool has(int slot) const { return after[slot] != nullptr; }

  int64_t count = 0;
  float rate = 0;
  const float *from = nullptr, *gradient = nullptr, *before[kept] = {};
  float *to = nullptr, *after[kept] = {};

 private:
  Call call;
};

// v = momentum v + gradient; the parameter goes along v, or with Nesterov's along gradient + momentum v.
struct Momentum {
  float momentum;
  bool nesterov;
};

void *createMomentum(TF_OpKernelConstruction *construction) {
  TF_Status *status = TF_NewStatus();
  auto *settings = new Momentum{readFloat(construction, "momentum", status), readBool(construction, "nesterov", status)};
  check(construction, status);
  return settings;
}

void computeMomentum(void *kernel, TF_OpKernelContext *context) {
  const Momentum settings = *static_cast<const Momentum *>(kernel);
  UpdateCall<1> call(context);
  if (!call.ok()) return;
  const Lanes momentum(settings.momentum), rate(call.rate);
  forEach(call.count, [&](Place place) {
    const Lanes gradient = place.load(call.gradient);
    const Lanes velocity = place.load(call.before[0]) * momentum + gradient;
    const Lanes direction = settings.nesterov ? gradient + velocity * momentum : velocity;
    place.store(call.after[0], velocity);
    place.store(call.to, place.load(call.from) - direction * rate);
  });
}

// m = m + (1 - beta1) (gradient - m), v = v + (1 - beta2) (gradient^2 - v); the parameter goes along
// m / (sqrt(v) + epsilon).
struct Adam {
  float gain1, gain2, epsilon;
};

void *createAdam(TF_OpKernelConstruction *construction) {
  TF_Status *status = TF_NewStatus();
  auto *settings = new Adam{readFloat(construction, "gain1", status), readFloat(construction, "gain2", status),
                            readFloat(construction, "epsilon", status)};
  check(construction, status);
  return settings;
}

void computeAdam(void *kernel, TF_OpKernelContext *context) {
  const Adam settings = *static_cast<const Adam *>(kernel);
  UpdateCall<2> call(context);
  if (!call.ok()) return;
  const Lanes gain1(settings.gain1), gain2(settings.gain2), epsilon(settings.epsilon), rate(call.rate);
  forEach(call.count, [&](Place place) {
    const Lanes gradient = place.load(call.gradient), m0 = place.load(call.before[0]), v0 = place.load(call.before[1]);
    const Lanes m = m0 + (gradient - m0) * gain1;
    const Lanes v = v0 + (gradient * gradient - v0) * gain2;
    place.store(call.after[0], m);
    place.store(call.after[1], v);
    place.store(call.to, place.load(call.from) - m / (root(v) + epsilon) * rate);
  });
}

// s = rho s + (1 - rho) gradient^2 and, if kept, a = rho a + (1 - rho) gradient; the parameter goes along
// gradient / sqrt(s - a^2 + epsilon), by way of the velocity if that is kept.
struct Rmsprop {
  float rho, gain, momentum, epsilon;
};

void *createRmsprop(TF_OpKernelConstruction *construction) {
  TF_Status *status = TF_NewStatus();
  auto *settings = new Rmsprop{readFloat(construction, "rho", status), readFloat(construction, "gain", status),
                               readFloat(construction, "momentum", status), readFloat(construction, "epsilon", status)};
  check(construction, status);
  return settings;
}

void computeRmsprop(void *kernel, TF_OpKernelContext *context) {
  const Rmsprop settings = *static_cast<const Rmsprop *>(kernel);
  UpdateCall<3> call(context);
  if (!call.ok()) return;
  const bool centered = call.has(1), hasVelocity = call.has(2);
  const Lanes rho(settings.rho), gain(settings.gain), momentum(settings.momentum), epsilon(settings.epsilon);
  const Lanes rate(call.rate);
  forEach(call.count, [&](Place place) {
    const Lanes gradient = place.load(call.gradient);
    const Lanes square = place.load(call.before[0]) * rho + gradient * gradient * gain;
    place.store(call.after[0], square);
    Lanes spread = square;
    if (centered) {
      const Lanes mean = place.load(call.before[1]) * rho + gradient * gain;
      place.store(call.after[1], mean);
      // Rounding can make a variance negative.
      spread = positive(square - mean * mean);
    }
    Lanes step = gradient / root(spread + epsilon) * rate;
    if (hasVelocity) {
      step = place.load(call.before[2]) * momentum + step;
      place.store(call.after[2], step);
    }
    place.store(call.to, place.load(call.from) - step);
  });
}

template <typename Settings>
void destroy(void *kernel) {
  delete static_cast<Settings *>(kernel);
}

// Results have the shapes of the parameter and of what is kept for it.
template <int kept>
void shapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  sameShape(context, 0, 0, status);
  for (int slot = 0; slot < kept && TF_GetCode(status) == TF_OK; slot++) sameShape(context, 1 + slot, 2 + slot, status);
}

const bool registered = registerOperation({
                            "LockstepMomentum",
                            {"parameter: float", "gradient: float", "velocity: float", "rate: float"},
                            {"new_parameter: float", "new_velocity: float"},
                            {"momentum: float", "nesterov: bool"},
                            shapes<1>,
                            createMomentum,
                            computeMomentum,
                            destroy<Momentum>,
                        }) &&
                        registerOperation({
                            "LockstepAdam",
                            {"parameter: float", "gradient: float", "m: float", "v: float", "rate: float"},
                            {"new_parameter: float", "new_m: float", "new_v: float"},
                            {"gain1: float", "gain2: float", "epsilon: float"},
                            shapes<2>,
                            createAdam,
                            computeAdam,
                            destroy<Adam>,
                        }) &&
                        registerOperation({
                            "LockstepRmsprop",
                            {"parameter: float", "gradient: float", "mean_square: float", "mean: float",
                             "velocity: float", "rate: float"},
                            {"new_parameter: float", "new_mean_square: float", "new_mean: float", "new_velocity: float"},
                            {"rho: float", "gain: float", "momentum: float", "epsilon: float"},
                            shapes<3>,
                            createRmsprop,
                            computeRmsprop,
                            destroy<Rmsprop>,
                        });

} // namespace
} // namespace lockstep
