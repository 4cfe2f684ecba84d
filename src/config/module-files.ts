import { resolve } from 'node:path';
import { isModule } from '../model/variant.js';
import type { ModuleVariantSpec } from '../model/variant.js';
import { resolveSwept } from './data-folder.js';
import { setPath } from './overlay.js';
import { parsePath } from './path.js';
import { planPoints } from './plan-points.js';
import type { Config } from './schema.js';
import { nodeAt } from './sourced.js';
import type { Sourced } from './sourced.js';
import { applyPoint } from './validate.js';
import { variantSpecs } from './variants.js';

/**
 * Makes the modules of variants absolute, so that the layers above need not know where they were written.
 * @param folder absolute; what relative paths are relative to
 */
export function resolveModuleFiles(root: Sourced, folder: string): Sourced {
  const resolveOne = (node: Sourced): Sourced =>
    node.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
      ? { ...node, value: resolve(folder, node.value) }
      : node;
  const variants = nodeAt(root, ['variants']);
  const names = variants?.kind === 'map' ? [...variants.entries.keys()] : [];
  const resolved = names.reduce((tree, name) => {
    const path = ['variants', name, 'module'];
    const node = nodeAt(tree, path);
    return node === undefined ? tree : setPath(tree, path, resolveOne(node));
  }, root);
  const parameters = nodeAt(resolved, ['sweep', 'parameters']);
  if (parameters === undefined) return resolved;
  const resolverOf = (name: string) => (isModulePath(name) ? resolveOne : undefined);
  return setPath(resolved, ['sweep', 'parameters'], resolveSwept(parameters, resolverOf));
}

function isModulePath(parameter: string): boolean {
  const path = parsePath(parameter);
  return path?.length === 3 && path[0] === 'variants' && path[2] === 'module';
}

/** The variants that are modules, at every point of a sweep; each that differs once, those of the first point first. */
export function moduleVariants(config: Config): ModuleVariantSpec[] {
  const { sweep } = config;
  const configs =
    sweep === undefined
      ? [config]
      : planPoints(sweep).map((point, index) => applyPoint(config, point, `point ${index}`));
  const all = configs.flatMap((one) => variantSpecs(one).filter(isModule));
  return [...new Map(all.map((variant) => [JSON.stringify(variant), variant])).values()];
}
