export * from './errors.js';
export * from './network-plan.js';
export * from './proof.js';
export * from './data.js';
export * from './worker.js';
