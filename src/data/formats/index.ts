import type { DataFormat } from './format.js';
import { cifar10 } from './cifar10.js';
import { csv } from './csv.js';
import { idx } from './idx.js';
import { npy } from './npy.js';

/** Every format that `data.path` can name a folder of. */
export const formats: readonly DataFormat[] = [idx, npy, cifar10, csv];
