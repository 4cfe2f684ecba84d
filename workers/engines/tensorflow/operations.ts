import { tf } from '../../tf.js';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute, Binding, NativeBackend } from './binding.js';

/** TensorFlow's own operations, run eagerly on this thread's session. */
export class Operations {
  readonly binding: Binding;
  readonly #backend: NativeBackend;
  readonly #float: Attribute;

  constructor(backend: NativeBackend) {
    this.binding = backend.binding;
    this.#backend = backend;
    this.#float = { name: 'T', type: this.binding.TF_ATTR_TYPE, value: this.binding.TF_FLOAT };
  }

  /** The attribute `T` of an operation on float32. */
  get float(): Attribute {
    return this.#float;
  }

  type(name: string, dtype: 'float32' | 'int32' | 'bool'): Attribute {
    const { binding } = this;
    return { name, type: binding.TF_ATTR_TYPE, value: this.#backend.getDTypeInteger(dtype) };
  }

  integers(name: string, value: number | readonly number[]): Attribute {
    return { name, type: this.binding.TF_ATTR_INT, value };
  }

  text(name: string, value: string): Attribute {
    return { name, type: this.binding.TF_ATTR_STRING, value };
  }

  flag(name: string, value: boolean): Attribute {
    return { name, type: this.binding.TF_ATTR_BOOL, value };
  }

  number(name: string, value: number): Attribute {
    return { name, type: this.binding.TF_ATTR_FLOAT, value };
  }

  /**
   * Has the binding keep attribute names, without running anything: a last attribute of no known type
   * makes it refuse the operation once it has the names of all.
   */
  keepNames(names: readonly string[]): void {
    const attributes = names.map((name) => this.flag(name, true));
    try {
      this.run('NoOp', [], [...attributes, { name: 'none', type: -1, value: 0 }]);
    } catch {
      return;
    }
    throw new Error('Expected the binding to refuse an attribute of no known type.');
  }

  /**
   * Whether CPU operations that not every build and processor has are available.
   * @param check runs them and says whether their results are correct; its tensors are disposed of
   */
  has(check: () => boolean): boolean {
    if (this.binding.isUsingGpuDevice()) return false;
    try {
      return tf.tidy(check);
    } catch {
      return false;
    }
  }

  /** Runs an operation with one result. */
  run(name: string, inputs: readonly TensorInfo[], attributes: readonly Attribute[]): Tensor {
    return this.#backend.executeSingleOutput(name, attributes, inputs);
  }

  /** Runs an operation with several results. */
  runMany(
    name: string,
    inputs: readonly TensorInfo[],
    attributes: readonly Attribute[],
    outputs: number,
  ): Tensor[] {
    return this.#backend.executeMultipleOutputs(name, attributes, inputs, outputs);
  }
}
