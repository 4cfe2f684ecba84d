"""Learning-rate schedules with Lockstep's settings, made of Keras 3's own. Needs keras and a backend of its."""

from keras import ops
from keras.optimizers import schedules


class WarmUp(schedules.LearningRateSchedule):
    """Keras warms up its cosine alone; this puts the same linear rise before any schedule."""

    def __init__(self, rate, warmup, after):
        self.rise, self.warmup, self.after = schedules.PolynomialDecay(0.0, warmup, rate), warmup, after

    def __call__(self, step):
        return ops.where(step < self.warmup, self.rise(step), self.after(ops.maximum(step - self.warmup, 0)))


def keras_schedule(spec, rate, steps):
    """Keras counts steps from 0: step 1 has what Keras calls `schedule(0)`."""
    kind, warmup, end = spec["kind"], spec["warmup"], spec.get("end", 0)
    decay = spec.get("steps", steps - warmup)
    if kind == "cosine" and warmup > 0:
        return schedules.CosineDecay(0.0, decay, alpha=end, warmup_target=rate, warmup_steps=warmup)
    if kind == "cosine":
        after = schedules.CosineDecay(rate, decay, alpha=end)
    elif kind == "linear":
        after = schedules.PolynomialDecay(rate, decay, end * rate)
    elif kind == "exponential" or "every" in spec:
        after = schedules.ExponentialDecay(rate, spec["every"], spec["factor"], staircase=kind == "step")
    elif kind == "step":
        # A boundary is the last step, counted from 0, that has the value before it.
        boundaries = [at - 1 for at in spec["at"]]
        after = schedules.PiecewiseConstantDecay(boundaries, [rate * spec["factor"] ** i for i in range(len(boundaries) + 1)])
    else:
        after = schedules.PolynomialDecay(rate, steps, rate)
    return WarmUp(rate, warmup, after) if warmup > 0 else after
