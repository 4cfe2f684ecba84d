import { createRequire } from 'node:module';
import type { DataType, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { nativePackage } from '../../../src/engines/native.js';
import { LockstepError } from '../../../src/protocol/index.js';

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
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): { readonly id: number; readonly dtype: number; readonly shape: number[] }[];
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
  readonly binding: Binding;
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
  getDTypeInteger(dtype: DataType): number;
}

/** tfjs-node 4.22 calls two functions that Node.js 23 removed. */
function restoreRemovedUtilities(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/**
 * Loads the native code into this thread; TensorFlow.js then has the backend `tensorflow`.
 * @throws {LockstepError} `worker` when it cannot be loaded
 */
export function requireNativePackage(): void {
  const require = createRequire(import.meta.url);
  restoreRemovedUtilities(require);
  try {
    require(nativePackage);
  } catch (cause) {
    throw new LockstepError(
      'worker',
      `Expected the engine tensorflow to load, but: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, hint: 'Run `npm run setup`; `lockstep doctor` shows what is installed.' },
    );
  }
}
