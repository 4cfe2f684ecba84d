import { poolingKind } from './pooling.js';

export const maxPool = poolingKind('maxPool', 'Maximum over square windows.');
