import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import type { DataType, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { bindingPath, nativePackage, nativePackageRoot } from '../../../src/engines/native.js';
import { LockstepError } from '../../../src/protocol/index.js';
import { tf } from '../../tf.js';

/** The native module: constants of TensorFlow's C API, and eager execution of its operations. */
export interface Binding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_UINT8: number;
  readonly TF_RESOURCE: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_SHAPE: number;
  isUsingGpuDevice(): boolean;
  /** @returns the tensor's number */
  createTensor(
    shape: readonly number[],
    dtype: number,
    values: Float32Array | Int32Array | Uint8Array,
  ): number;
  /** The values of the tensor of a number. */
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  /**
   * Defines an operation by a graph: `native/graphs.cc`. Absent, as are the next two, in a binding that `lockstep
   * setup` did not build.
   */
  readonly defineFunction?: (
    name: string,
    graph: Uint8Array,
    inputs: number,
    outputs: number,
  ) => void;
  /** What `runGraph` runs in the calling thread, on the CPU, configured by a `ConfigProto`. */
  readonly prepareGraph?: (
    graph: Uint8Array,
    configuration: Uint8Array,
    inputs: number,
    outputs: number,
  ) => PreparedGraph;
  readonly runGraph?: (graph: PreparedGraph, inputs: readonly number[]) => TensorFacts[];
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorFacts[];
}

declare const prepared: unique symbol;
/** Native memory. */
export interface PreparedGraph {
  readonly [prepared]: true;
}

/** A tensor as the binding knows it. */
export interface TensorFacts {
  readonly id: number;
  readonly dtype: number;
  readonly shape: number[];
}

/** An operation's attribute as the binding takes it. */
export interface Attribute {
  readonly name: string;
  /** One of the `TF_ATTR_` constants. */
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** The part of tfjs-node's backend the engine uses. */
export interface NativeBackend extends KernelBackend {
  binding: Binding;
  executeSingleOutput(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
  ): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  /** The tensor that the binding knows so. */
  createOutputTensor(facts: TensorFacts): Tensor;
  getDTypeInteger(dtype: DataType): number;
  /** The numbers by which the binding knows these tensors, which it gets now if it does not have them yet. */
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
}

interface BackendModule {
  readonly NodeJSKernelBackend: new (binding: Binding, packageName: string) => NativeBackend;
}

/** tfjs-node 4.22 calls two functions that Node.js 23 removed. */
function restoreRemovedUtilities(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** The modules that the native package requires and depends on itself. */
const unionPackage = '@tensorflow/tfjs';

/**
 * Gives the package TensorFlow.js's core when it requires the union package. It needs none of that package's
 * layers, models and other backends, which would take longer to load than all other JavaScript.
 */
function shareCore(require: NodeJS.Require): void {
  const union = require.resolve(unionPackage);
  if (require.cache[union] !== undefined) return;
  const module = new Module(union);
  module.exports = tf;
  module.loaded = true;
  require.cache[union] = module;
}

/**
 * Loads the native code into this thread; TensorFlow.js then has the backend `tensorflow`. Does the same as
 * requiring the package, except for saving, loading and showing models of layers.
 * @throws {LockstepError} `worker` when it cannot be loaded
 */
export function requireNativePackage(): void {
  try {
    const root = nativePackageRoot();
    if (root === undefined) throw new Error(`there is no package ${nativePackage}`);
    const require = createRequire(join(root, 'package.json'));
    restoreRemovedUtilities(require);
    shareCore(require);
    require(join(root, 'dist/register_all_kernels.js'));
    const { NodeJSKernelBackend } = require(
      join(root, 'dist/nodejs_kernel_backend.js'),
    ) as BackendModule;
    const binding = require(bindingPath(root)) as Binding;
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, nativePackage), 3);
  } catch (cause) {
    throw new LockstepError(
      'worker',
      `Expected the engine tensorflow to load, but: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, hint: 'Run `npx lockstep setup`; `lockstep doctor` shows what is installed.' },
    );
  }
}
