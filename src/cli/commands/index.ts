import type { Command } from '../command.js';

/**
 * All commands by name, in the order in which `--help` lists them. Each loads its own code: what a trial
 * needs is loaded in a fifth of the time that everything takes.
 */
const loaders = {
  run: async () => (await import('./run.js')).run,
  sweep: async () => (await import('./sweep.js')).sweep,
  decide: async () => (await import('./decide.js')).decide,
  variance: async () => (await import('./variance.js')).variance,
  resume: async () => (await import('./resume.js')).resume,
  tail: async () => (await import('./tail.js')).tail,
  serve: async () => (await import('./serve.js')).serve,
  list: async () => (await import('./list.js')).list,
  show: async () => (await import('./show.js')).show,
  diff: async () => (await import('./diff.js')).diff,
  report: async () => (await import('./report.js')).report,
  import: async () => (await import('./import.js')).importCommand,
  verify: async () => (await import('./verify.js')).verify,
  export: async () => (await import('./export.js')).exportCommand,
  trial: async () => (await import('./trial.js')).trial,
  worker: async () => (await import('./worker.js')).worker,
  collect: async () => (await import('./collect.js')).collect,
  cancel: async () => (await import('./cancel.js')).cancel,
  slurm: async () => (await import('./slurm.js')).slurm,
  k8s: async () => (await import('./k8s.js')).k8s,
  setup: async () => (await import('./setup.js')).setup,
  doctor: async () => (await import('./doctor.js')).doctor,
  bench: async () => (await import('./bench.js')).bench,
  completion: async () => (await import('./completion.js')).completion,
} satisfies Record<string, () => Promise<Command>>;

export const commandNames: readonly string[] = Object.keys(loaders);

/** @returns undefined when there is no such command */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(loaders, name) ? loaders[name as keyof typeof loaders]() : undefined;
}

export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(loaders).map((load): Promise<Command> => load()));
}
