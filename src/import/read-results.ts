import { sha256 } from '../files/checksums.js';
import { LockstepError } from '../protocol/index.js';
import { orList } from '../schema/fields.js';
import type { ImportedManifest } from '../run/imported-manifest.js';
import { importFormatNames, importFormats } from './formats/index.js';
import type { ImportFormat, Mapping } from './formats/format.js';
import { importedTrials } from './imported-results.js';
import type { ImportedTrial } from './imported-results.js';
import { pairSamples } from './pair-samples.js';
import { readSource } from './source.js';
import type { Source } from './source.js';

export interface ResultsRequest {
  /** Absolute. */
  readonly path: string;
  /** As the user named it. */
  readonly shown: string;
  /** Name of a format. Default: the first that knows the source. */
  readonly format?: string | undefined;
  readonly mapping: Mapping;
  /** That of the decision first. */
  readonly metrics: readonly string[];
  /** Default: the first variant of the source. */
  readonly baseline?: string | undefined;
}

export interface Results {
  readonly format: string;
  readonly variants: readonly string[];
  readonly baseline: string;
  readonly trials: readonly ImportedTrial[];
  readonly files: ImportedManifest['source']['files'];
}

/**
 * Reads results that were made elsewhere, and pairs them by seed.
 * @throws LockstepError `data` naming file, line and column of what does not fit, `usage` for a request that does not
 */
export async function readResults(request: ResultsRequest): Promise<Results> {
  const { path, shown, mapping, metrics } = request;
  const source = await readSource(path, shown);
  const format = formatOf(source, request);
  const paired = pairSamples(format.read(source, mapping, metrics), metrics, shown);
  const { variants } = paired;
  const baseline = request.baseline ?? variants[0]!;
  if (!variants.includes(baseline)) {
    throw new LockstepError(
      'usage',
      `--baseline: expected ${orList(variants)}, the variants of ${shown}, got ${baseline}`,
    );
  }
  return {
    format: format.name,
    variants,
    baseline,
    trials: importedTrials(paired, baseline),
    files: source.files.map(({ name, content }) => ({ name, sha256: sha256(content) })),
  };
}

function formatOf(source: Source, { format: asked, mapping }: ResultsRequest): ImportFormat {
  const format = importFormats.find(({ name, matches }) =>
    asked === undefined ? matches(source, mapping) : name === asked,
  );
  if (format !== undefined) return format;
  throw new LockstepError(
    'data',
    `${source.path}: expected results of ${orList(importFormatNames)}, got something else`,
    { hint: 'Say who wrote it with --from.' },
  );
}

/** The mapping as a manifest keeps it: flags by name, those that were not given left out. */
export function mappingFlags(mapping: Mapping): ImportedManifest['source']['mapping'] {
  const { variantColumn, seedColumn, stepColumn, pointColumns, runName, delimiter } = mapping;
  return {
    ...(variantColumn !== undefined && { 'variant-column': variantColumn }),
    ...(seedColumn !== undefined && { 'seed-column': seedColumn }),
    ...(stepColumn !== undefined && { 'step-column': stepColumn }),
    ...(pointColumns.length > 0 && { 'point-columns': [...pointColumns] }),
    ...(runName !== undefined && { 'run-name': runName }),
    ...(delimiter !== ',' && { delimiter }),
  };
}

/** The mapping that {@link mappingFlags} kept. */
export function mappingOf({ mapping }: ImportedManifest['source']): Mapping {
  const text = (flag: string) => {
    const value = mapping[flag];
    return typeof value === 'string' ? value : undefined;
  };
  const points = mapping['point-columns'] ?? [];
  return {
    variantColumn: text('variant-column'),
    seedColumn: text('seed-column'),
    stepColumn: text('step-column'),
    pointColumns: typeof points === 'string' ? [points] : points,
    runName: text('run-name'),
    delimiter: text('delimiter') ?? ',',
  };
}

/**
 * Reads the source of an imported run again, as it was read for its manifest.
 * @param path absolute
 */
export function readResultsAgain(manifest: ImportedManifest, path: string): Promise<Results> {
  const { source, config } = manifest;
  return readResults({
    path,
    shown: source.path,
    format: source.format,
    mapping: mappingOf(source),
    metrics: Object.keys(config.metrics),
    baseline: config.baseline,
  });
}
