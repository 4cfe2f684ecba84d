export * from './errors.js';
export * from './network.js';
export * from './proof.js';
export * from './splits.js';
export * from './worker.js';
