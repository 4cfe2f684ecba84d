/** Slope of leakyRelu for negative inputs (TensorFlow's default). */
export const leakyReluSlope = 0.2;
