import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The package that carries the binding's sources and, after `lockstep setup`, the built binding. */
export const nativePackage = '@tensorflow/tfjs-node-gpu';

/** Written by `lockstep setup` beside the binding it installed. */
export interface NativeStamp {
  /** Version of libtensorflow. */
  readonly tensorflow: string;
  /** Where the library came from: PyPI's wheels, the official prebuilt, or a folder. */
  readonly source: 'pypi' | 'official' | 'directory';
  /** The library was built with CUDA. */
  readonly gpu: boolean;
  /** The binding was built here, without the race between two threads of one process. */
  readonly patched: boolean;
  /** Of Lockstep's own sources in it (`ownSourcesDigest`); absent in a binding that has none. */
  readonly own?: string | undefined;
}

export type NativeInspection =
  | { readonly installed: false; readonly reason: string }
  | {
      readonly installed: true;
      /** Path of `tfjs_binding.node`. */
      readonly binding: string;
      /** Absent: put there by something other than `lockstep setup`. */
      readonly stamp: NativeStamp | undefined;
    };

/** The folder of {@link nativePackage}, or undefined if npm left out optional packages. */
export function nativePackageRoot(from: string = import.meta.url): string | undefined {
  try {
    return dirname(createRequire(from).resolve(`${nativePackage}/package.json`));
  } catch {
    return undefined;
  }
}

/** Where the package looks for its binding; Node-API 8 is what every supported Node.js offers. */
export function bindingPath(packageRoot: string): string {
  return join(packageRoot, 'lib', 'napi-v8', 'tfjs_binding.node');
}

/** The file {@link NativeStamp} is kept in. */
export function stampPath(packageRoot: string): string {
  return join(packageRoot, 'lib', 'lockstep-setup.json');
}

/** Names of libtensorflow in `deps/lib`, newest layout first; one of them must be there. */
const libraryNames: Readonly<Record<string, readonly string[]>> = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'],
  darwin: ['libtensorflow.2.dylib'],
  win32: ['tensorflow.dll'],
};

/**
 * Whether the native engine's files are in place, from the files alone: nothing native is loaded.
 * @param packageRoot folder of {@link nativePackage}; undefined when it is not installed
 */
export function inspectNative(packageRoot: string | undefined): NativeInspection {
  if (packageRoot === undefined) {
    return { installed: false, reason: `the optional package ${nativePackage} is not installed` };
  }
  const binding = bindingPath(packageRoot);
  if (!existsSync(binding)) {
    return { installed: false, reason: 'its native binding is not built yet' };
  }
  const names = libraryNames[process.platform] ?? [];
  const folder = join(packageRoot, 'deps', 'lib');
  if (names.length > 0 && !names.some((name) => existsSync(join(folder, name)))) {
    return { installed: false, reason: `libtensorflow is missing from ${folder}` };
  }
  return { installed: true, binding, stamp: readStamp(packageRoot) };
}

function readStamp(packageRoot: string): NativeStamp | undefined {
  try {
    return JSON.parse(readFileSync(stampPath(packageRoot), 'utf8')) as NativeStamp;
  } catch {
    return undefined;
  }
}
