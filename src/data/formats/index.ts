import type { DataFormat } from './format.js';
import { idx } from './idx.js';

/** Every format that `data.path` can name a folder of. */
export const formats: readonly DataFormat[] = [idx];
