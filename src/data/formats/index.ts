import type { DataFormat } from './format.js';
import { cifar10 } from './cifar10.js';
import { cifar100 } from './cifar100.js';
import { csv } from './csv.js';
import { idx } from './idx.js';
import { images } from './images.js';
import { npy } from './npy.js';
import { npz } from './npz.js';

/** Every format that `data.path` can name a folder of. */
export const formats: readonly DataFormat[] = [idx, npy, npz, cifar10, cifar100, csv, images];
