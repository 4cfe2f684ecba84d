// LockstepDescend, LockstepMomentum, LockstepAdam and LockstepRmsprop: the update of all parameters, and of what their
// optimizer keeps for them, in one pass over memory and in place. As single operations they take up to twelve passes.
// Each value is rounded as there: every sum, product, quotient and root by itself.

#include <immintrin.h>

#include <array>
#include <vector>

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

void check(TF_OpKernelConstruction *construction, TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
}

float readFloat(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  float value = 0;
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status);
  return value;
}

int32_t readInt(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  int32_t value = 0;
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrInt32(construction, name, &value, status);
  return value;
}

bool readBool(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  unsigned char value = 0;
  if (TF_GetCode(status) == TF_OK) TF_OpKernelConstruction_GetAttrBool(construction, name, &value, status);
  return value;
}

// The tensors of all updates, in place. First the parameters, then their gradients, then one tensor for each in every
// list of what is kept, all of a parameter's shape; then single numbers.
template <int lists, int singles>
class Updates {
 public:
  // has[i]: whether the optimizer keeps list i.
  Updates(TF_OpKernelContext *context, const std::array<bool, lists> &has, int numbers) : call(context) {
    int present = 2;
    for (const bool one : has) present += one ? 1 : 0;
    const int inputs = TF_NumInputs(context);
    const int parameters = (inputs - numbers) / present;
    if (!call.expect(numbers <= singles && parameters * present + numbers == inputs, "lists of equal lengths")) return;
    for (int at = 0; at < parameters; at++) {
      Update update;
      TF_Tensor *parameter = call.input(at), *direction = call.input(parameters + at);
      if (!call.ok()) return;
      update.count = TF_TensorElementCount(parameter);
      update.parameter = data<float>(parameter);
      update.gradient = data<float>(direction);
      call.expect(TF_TensorElementCount(direction) == update.count, "parameter and gradient of the same shape");
      for (int list = 0, number = 2; list < lists; list++) {
        if (!has[list]) continue;
        TF_Tensor *slot = call.input(parameters * number++ + at);
        if (!call.ok()) return;
        call.expect(TF_TensorElementCount(slot) == update.count, "what is kept of the parameter's shape");
        update.kept[list] = data<float>(slot);
      }
      updates.push_back(update);
    }
    for (int number = 0; number < numbers; number++) {
      TF_Tensor *single = call.input(parameters * present + number);
      if (!call.ok() || !call.expect(TF_TensorElementCount(single) == 1, "single numbers")) return;
      single_[number] = *data<float>(single);
    }
  }

  float single(int number) const { return single_[number]; }
  // Calls `update(tensors, place)` for all places of all parameters, if all is well.
  template <typename Function>
  void forEach(Function update) const {
    if (!call.ok()) return;
    for (const Update &one : updates) {
      int64_t index = 0;
      for (; index + 4 <= one.count; index += 4) update(one, Place{index, true});
      for (; index < one.count; index++) update(one, Place{index, false});
    }
  }

 private:
  struct Update {
    int64_t count = 0;
    float *parameter = nullptr, *kept[lists + 1] = {};
    const float *gradient = nullptr;
  };
  Call call;
  std::vector<Update> updates;
  float single_[singles] = {};
};

void *createDescent(TF_OpKernelConstruction *) { return nullptr; }
void destroyDescent(void *) {}

void computeDescent(void *, TF_OpKernelContext *context) {
  const Updates<0, 1> updates(context, {}, 1);
  const Lanes rate(updates.single(0));
  updates.forEach([&](const auto &of, Place place) {
    place.store(of.parameter, place.load(of.parameter) - place.load(of.gradient) * rate);
  });
}

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
  const Updates<1, 1> updates(context, {true}, 1);
  const Lanes momentum(settings.momentum), rate(updates.single(0));
  updates.forEach([&](const auto &of, Place place) {
    const Lanes gradient = place.load(of.gradient);
    const Lanes velocity = place.load(of.kept[0]) * momentum + gradient;
    const Lanes direction = settings.nesterov ? gradient + velocity * momentum : velocity;
    place.store(of.kept[0], velocity);
    place.store(of.parameter, place.load(of.parameter) - direction * rate);
  });
}

// m = m + (1 - beta1) (gradient - m), v = v + (1 - beta2) (gradient^2 - v); the parameter goes along
// m / (sqrt(v) + epsilon), after it has lost a part of itself if there is a decay.
struct Adam {
  float gain1, gain2, epsilon;
  bool decays;
};

void *createAdam(TF_OpKernelConstruction *construction) {
  TF_Status *status = TF_NewStatus();
  auto *settings = new Adam{readFloat(construction, "gain1", status), readFloat(construction, "gain2", status),
                            readFloat(construction, "epsilon", status), readInt(construction, "decays", status) == 1};
  check(construction, status);
  return settings;
}

void computeAdam(void *kernel, TF_OpKernelContext *context) {
  const Adam settings = *static_cast<const Adam *>(kernel);
  const Updates<2, 2> updates(context, {true, true}, settings.decays ? 2 : 1);
  const Lanes gain1(settings.gain1), gain2(settings.gain2), epsilon(settings.epsilon);
  const Lanes rate(updates.single(0)), decay(updates.single(1));
  updates.forEach([&](const auto &of, Place place) {
    const Lanes gradient = place.load(of.gradient), m0 = place.load(of.kept[0]), v0 = place.load(of.kept[1]);
    const Lanes from = place.load(of.parameter), start = settings.decays ? from - from * decay : from;
    const Lanes m = m0 + (gradient - m0) * gain1;
    const Lanes v = v0 + (gradient * gradient - v0) * gain2;
    place.store(of.kept[0], m);
    place.store(of.kept[1], v);
    place.store(of.parameter, start - m / (root(v) + epsilon) * rate);
  });
}

// s = rho s + (1 - rho) gradient^2 and, if kept, a = rho a + (1 - rho) gradient; the parameter goes along
// gradient / sqrt(s - a^2 + epsilon), by way of the velocity if that is kept.
struct Rmsprop {
  float rho, gain, momentum, epsilon;
  bool centered, hasVelocity;
};

void *createRmsprop(TF_OpKernelConstruction *construction) {
  TF_Status *status = TF_NewStatus();
  auto *settings = new Rmsprop{readFloat(construction, "rho", status), readFloat(construction, "gain", status),
                               readFloat(construction, "momentum", status), readFloat(construction, "epsilon", status),
                               readInt(construction, "means", status) > 0, readInt(construction, "velocities", status) > 0};
  check(construction, status);
  return settings;
}

void computeRmsprop(void *kernel, TF_OpKernelContext *context) {
  const Rmsprop settings = *static_cast<const Rmsprop *>(kernel);
  const Updates<3, 1> updates(context, {true, settings.centered, settings.hasVelocity}, 1);
  const Lanes rho(settings.rho), gain(settings.gain), momentum(settings.momentum), epsilon(settings.epsilon);
  const Lanes rate(updates.single(0));
  updates.forEach([&](const auto &of, Place place) {
    const Lanes gradient = place.load(of.gradient);
    const Lanes square = place.load(of.kept[0]) * rho + gradient * gradient * gain;
    place.store(of.kept[0], square);
    Lanes spread = square;
    if (settings.centered) {
      const Lanes mean = place.load(of.kept[1]) * rho + gradient * gain;
      place.store(of.kept[1], mean);
      // Rounding can make a variance negative.
      spread = positive(square - mean * mean);
    }
    Lanes step = gradient / root(spread + epsilon) * rate;
    if (settings.hasVelocity) {
      step = place.load(of.kept[2]) * momentum + step;
      place.store(of.kept[2], step);
    }
    place.store(of.parameter, place.load(of.parameter) - step);
  });
}

template <typename Settings>
void destroy(void *kernel) {
  delete static_cast<Settings *>(kernel);
}

// There are no results.
void shapes(TF_ShapeInferenceContext *, TF_Status *) {}

const bool registered =
    registerOperation({
        "LockstepDescend",
        {"parameters: n * float", "gradients: n * float", "rate: float"},
        {},
        {"n: int >= 1"},
        shapes,
        createDescent,
        computeDescent,
        destroyDescent,
    }) &&
    registerOperation({
        "LockstepMomentum",
        {"parameters: n * float", "gradients: n * float", "velocities: n * float", "rate: float"},
        {},
        {"n: int >= 1", "momentum: float", "nesterov: bool"},
        shapes,
        createMomentum,
        computeMomentum,
        destroy<Momentum>,
    }) &&
    registerOperation({
        "LockstepAdam",
        {"parameters: n * float", "gradients: n * float", "m: n * float", "v: n * float", "rate: float",
         "decay: decays * float"},
        {},
        {"n: int >= 1", "decays: int >= 0", "gain1: float", "gain2: float", "epsilon: float"},
        shapes,
        createAdam,
        computeAdam,
        destroy<Adam>,
    }) &&
    registerOperation({
        "LockstepRmsprop",
        {"parameters: n * float", "gradients: n * float", "mean_squares: n * float", "mean: means * float",
         "velocity: velocities * float", "rate: float"},
        {},
        {"n: int >= 1", "means: int >= 0", "velocities: int >= 0", "rho: float", "gain: float", "momentum: float",
         "epsilon: float"},
        shapes,
        createRmsprop,
        computeRmsprop,
        destroy<Rmsprop>,
    });

} // namespace
} // namespace lockstep
