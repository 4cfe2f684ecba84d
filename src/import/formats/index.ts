import { csv } from './csv.js';
import type { ImportFormat } from './format.js';
import { lightning } from './lightning.js';
import { mlflow } from './mlflow.js';
import { optuna } from './optuna.js';
import { tensorboard } from './tensorboard.js';
import { wandb } from './wandb.js';

/** All formats, in the order in which they are asked whether a source is theirs: the most particular first. */
export const importFormats: readonly ImportFormat[] = [
  tensorboard,
  lightning,
  wandb,
  mlflow,
  optuna,
  csv,
];

export const importFormatNames: readonly string[] = importFormats.map(({ name }) => name);
