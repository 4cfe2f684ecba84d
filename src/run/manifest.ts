import type { LoadedConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { DeviceRequest, EngineName } from '../protocol/index.js';
import type { Provenance } from './provenance.js';

export const manifestSchemaVersion = 1;

/** One sweep point with one seed; all variants train in it together. */
export interface Trial {
  /** Counted from 0; names the trial's folder. */
  readonly index: number;
  /** Configuration paths this point overrides; empty without a sweep. */
  readonly point: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

/** `manifest.json`: everything that decides a run's numbers, frozen before it starts. */
export interface Manifest {
  readonly schemaVersion: typeof manifestSchemaVersion;
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly config: Config;
  /** SHA-256 of the canonical JSON of `config`. */
  readonly configHash: string;
  /**
   * The files the configuration was made from, the root of `extends` first, and the flags laid over
   * them. Absent in runs from before these were kept.
   */
  readonly origin?: Pick<LoadedConfig, 'sources' | 'overrides'> | undefined;
  readonly engine: {
    readonly name: EngineName;
    readonly reason: string;
    /** What was asked for. Absent in runs from before it could be: `auto`. */
    readonly device?: DeviceRequest | undefined;
    /** Of what computes, for instance TensorFlow's. Absent in runs from before it was recorded. */
    readonly version?: string | undefined;
  };
  /** Whether each trial writes `trace.ndjson`. */
  readonly trace: boolean;
  readonly trials: readonly Trial[];
  readonly provenance: Provenance;
}
