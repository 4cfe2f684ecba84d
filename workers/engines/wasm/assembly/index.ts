export { biasActivation, biasActivationGradient } from './activation';
export { convMaxPoolGradient, convMaxPoolGradientScratch } from './conv-max-pool';
export {
  convolve,
  convolveScratch,
  filterGradient,
  filterGradientScratch,
  flipFilter,
} from './conv2d';
export { descend } from './descend';
export { multiply, multiplyScratch, multiplyTransposed } from './matmul';
export { maxPool2Gradient } from './max-pool';
export { normalDraws } from './normal-draws';
