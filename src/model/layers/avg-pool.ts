import { poolingKind } from './pooling.js';

export const avgPool = poolingKind('avgPool', 'Mean over square windows.');
