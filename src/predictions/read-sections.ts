import { existsSync } from 'node:fs';
import type { Config } from '../config/schema.js';
import { applyPoint } from '../config/validate.js';
import { loadDataset } from '../data/load.js';
import type { Dataset } from '../data/dataset.js';
import { LockstepError } from '../protocol/index.js';
import { sourceKey } from '../run/data-sources.js';
import type { Trial } from '../run/manifest.js';
import { trialFiles } from '../run/run-directory.js';
import { predictionSections } from './prediction-section.js';
import type { PredictionSection } from './prediction-section.js';
import { readPredictions } from './predictions-file.js';

/** The sections of the trials of one configuration; none where they kept no predictions. */
export type ReadPredictionSections = (trials: readonly Trial[]) => Promise<PredictionSection[]>;

/**
 * Makes the reader of a run's predictions, which loads each dataset once and only if there are any.
 * Where the dataset is not on this machine there are no sections: labels and pictures are not kept.
 */
export function predictionSectionReader(runFolder: string, config: Config): ReadPredictionSections {
  const loaded = new Map<string, Promise<Dataset | undefined>>();
  return async (trials) => {
    const paths = trials
      .filter(({ index }) => existsSync(trialFiles(runFolder, index).result))
      .map(({ index }) => trialFiles(runFolder, index).predictions);
    const predictions = (await Promise.all(paths.map(readPredictions))).filter(
      (trial) => trial !== undefined,
    );
    if (predictions.length === 0) return [];
    const { data } = applyPoint(config, trials[0]!.point);
    const key = sourceKey(data);
    const loading = loaded.get(key) ?? loadIfHere(data);
    loaded.set(key, loading);
    const dataset = await loading;
    return dataset === undefined ? [] : predictionSections(predictions, config, dataset);
  };
}

async function loadIfHere(data: Config['data']): Promise<Dataset | undefined> {
  try {
    return await loadDataset(data);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}
