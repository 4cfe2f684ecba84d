/** What other frameworks call our kinds, keys and words, where spelling alone does not tell. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  // layers
  dense: ['Linear', 'FullyConnected', 'fc', 'InnerProduct'],
  conv2d: ['Convolution2D'],
  maxPool: ['MaxPooling2D', 'MaxPool2d'],
  avgPool: ['AveragePooling2D', 'AvgPool2d'],
  globalAvgPool: ['GlobalAveragePooling2D', 'AdaptiveAvgPool2d'],
  batchNorm: ['BatchNormalization', 'BatchNorm1d', 'BatchNorm2d'],
  layerNorm: ['LayerNormalization'],
  residual: ['Add', 'skip', 'shortcut', 'BasicBlock'],
  repeat: ['Sequential', 'ModuleList', 'Stack'],
  activation: ['ReLU', 'SELU', 'ELU', 'GELU', 'SiLU', 'Tanh', 'Sigmoid', 'Softplus', 'LeakyReLU'],
  // augmentations
  horizontalFlip: ['RandomFlip', 'RandomHorizontalFlip', 'flip', 'mirror', 'fliplr'],
  shift: ['RandomTranslation', 'RandomAffine', 'translate', 'RandomShift'],
  rotation: ['RandomRotation', 'rotate'],
  cutout: ['RandomErasing', 'CoarseDropout'],
  noise: ['GaussianNoise', 'RandomGaussianNoise', 'GaussNoise'],
  randomCrop: ['RandomCropWithPadding', 'RandomResizedCrop', 'crop', 'pad'],
  edge: ['nearest', 'replicate', 'border'],
  reflect: ['mirror', 'symmetric'],
  // optimizers and schedules
  sgd: ['momentum', 'GradientDescent'],
  adamW: ['AdamWeightDecay'],
  cosine: ['CosineDecay', 'CosineAnnealingLR'],
  step: ['StepLR', 'MultiStepLR', 'PiecewiseConstantDecay'],
  exponential: ['ExponentialDecay', 'ExponentialLR'],
  linear: ['LinearLR', 'PolynomialDecay', 'identity', 'none'],
  // objectives
  softmaxCrossEntropy: [
    'CrossEntropyLoss',
    'categoricalCrossentropy',
    'sparseCategoricalCrossentropy',
    'crossEntropy',
  ],
  sigmoidCrossEntropy: ['binaryCrossentropy', 'BCEWithLogitsLoss', 'BCELoss'],
  meanSquaredError: ['mse', 'MSELoss', 'l2'],
  meanAbsoluteError: ['mae', 'L1Loss', 'l1'],
  huber: ['SmoothL1Loss'],
  // initializers and activations
  he: ['heNormal', 'kaiming', 'kaimingNormal'],
  heUniform: ['kaimingUniform'],
  glorot: ['glorotNormal', 'xavier', 'xavierNormal'],
  glorotUniform: ['xavierUniform'],
  lecun: ['lecunNormal'],
  truncatedNormal: ['truncNormal'],
  orthogonal: ['OrthogonalInitializer'],
  zeros: ['zero'],
  stddev: ['std', 'sigma', 'scale'],
  silu: ['swish', 'hardSwish'],
  // inputs
  raw: ['rescale', 'none'],
  standardized: ['StandardScaler', 'zscore', 'normalize', 'normalized', 'Normalization'],
  minmax: ['MinMaxScaler'],
  // keys
  learningRate: ['lr', 'stepSize', 'eta', 'baseLr'],
  beta1: ['betas'],
  epsilon: ['eps'],
  beta2: ['betas'],
  rho: ['alpha', 'smoothingConstant'],
  weightDecay: ['decay', 'l2', 'lambda', 'l2Regularization', 'regularization'],
  clipValue: ['clip', 'gradientClipVal'],
  clipNorm: ['maxNorm', 'maxGradNorm', 'globalClipnorm'],
  filters: ['outChannels', 'channels'],
  times: ['n', 'count', 'repeats', 'repetitions', 'depth'],
  kind: ['type', 'className'],
  units: [
    'outFeatures',
    'features',
    'numOutputs',
    'size',
    'neurons',
    'outputs',
    'width',
    'hiddenSize',
  ],
  kernelSize: ['kernel', 'filterSize', 'ksize', 'window'],
  strides: ['stride'],
  dilation: ['dilationRate'],
  poolSize: ['kernelSize'],
  rate: ['p', 'probability'],
  probability: ['p'],
  std: ['stddev', 'sigma', 'scale'],
  degrees: ['angle', 'factor', 'max'],
  pixels: ['max', 'shift', 'distance'],
  augmentation: ['transforms', 'augment', 'augmentations', 'dataAugmentation'],
  objective: ['criterion', 'lossFunction', 'loss'],
  epochs: ['numEpochs', 'maxEpochs', 'nEpochs'],
  steps: ['iterations', 'maxSteps', 'updates', 'decaySteps', 'tMax', 'totalIters'],
  factor: ['gamma', 'decayRate'],
  every: ['decaySteps', 'stepSize', 'frequency', 'interval', 'validationFreq', 'period'],
  at: ['milestones', 'boundaries'],
  end: ['alpha', 'etaMin', 'endLearningRate', 'minimum', 'endFactor'],
  warmup: ['warmupSteps', 'numWarmupSteps'],
  schedule: ['scheduler', 'lrScheduler', 'learningRateSchedule'],
  init: ['kernelInitializer', 'initializer', 'weightInit'],
  earlyStopping: ['earlyStop', 'callbacks'],
  metric: ['monitor'],
  minDelta: ['tolerance', 'threshold'],
  network: ['model', 'architecture', 'net'],
  variants: ['models'],
  training: ['train', 'trainer', 'fit'],
  seeds: ['randomState', 'randomSeed'],
  sweep: ['search', 'grid', 'tune'],
  label: ['name', 'title'],
  // data
  path: ['folder', 'dir', 'directory', 'dataDir', 'root', 'file'],
  dataset: ['name'],
  batchSize: ['batch', 'bs', 'minibatchSize'],
  examples: ['n', 'count', 'size', 'samples', 'numExamples'],
  fraction: ['ratio', 'frac', 'share', 'proportion', 'testSize'],
  target: ['label', 'labels', 'y', 'targetColumn', 'labelColumn'],
  categorical: ['categories', 'categoricalFeatures', 'categoricalColumns', 'oneHot'],
  delimiter: ['sep', 'separator'],
  missing: ['impute', 'imputer', 'fillna'],
  mean: ['avg', 'average'],
  mostFrequent: ['mode'],
  // splits, metrics and where they are measured
  train: ['training'],
  validation: ['val', 'valid', 'dev', 'eval'],
  evaluation: ['eval'],
  accuracy: ['acc', 'categoricalAccuracy', 'sparseCategoricalAccuracy'],
  balancedAccuracy: ['balancedAcc'],
  top5Accuracy: ['topK', 'topKCategoricalAccuracy'],
  macroF1: ['f1', 'f1Score', 'f1Macro'],
  rocAuc: ['auc', 'auroc'],
  brier: ['brierScore'],
  ece: ['expectedCalibrationError', 'calibrationError'],
  mse: ['meanSquaredError', 'rmse'],
  mae: ['meanAbsoluteError'],
  r2: ['r2Score'],
  'validation.loss': ['valLoss', 'evalLoss'],
  'validation.accuracy': ['valAccuracy', 'valAcc', 'validation.acc'],
  'test.accuracy': ['test.acc'],
};

const byForeign = new Map<string, string[]>();
for (const [ours, theirs] of Object.entries(foreign)) {
  for (const word of theirs) {
    byForeign.set(spelling(word), [...(byForeign.get(spelling(word)) ?? []), ours]);
  }
}

/**
 * Our name for what another framework calls by a word, if it is among the candidates.
 * @param word in any spelling: `RandomFlip` and `random_flip` are the same
 */
export function ownName(word: string, candidates: readonly string[]): string | undefined {
  const written = spelling(word);
  const same = candidates.find((candidate) => spelling(candidate) === written);
  return same ?? byForeign.get(written)?.find((name) => candidates.includes(name));
}

/** A word without case and punctuation. */
export function spelling(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
