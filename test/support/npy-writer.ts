import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An array as NumPy saves it, with version 1 of the header. */
export function encodeNpy(
  descr: '|u1' | '<i4' | '<f4',
  shape: readonly number[],
  numbers: ArrayLike<number>,
) {
  const lengths = shape.length === 1 ? `${shape[0]!},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const header = Buffer.from(`${dictionary.padEnd(128 - 10 - 1)}\n`, 'latin1');
  const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  const types = { '|u1': Uint8Array, '<i4': Int32Array, '<f4': Float32Array };
  const values = types[descr].from(numbers);
  return Buffer.concat([prefix, header, Buffer.from(values.buffer)]);
}

/** Writes `x_train.npy` and the others. */
export async function writeNpyDataset(
  folder: string,
  files: Readonly<Record<'x_train' | 'y_train' | 'x_test' | 'y_test', Uint8Array>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files))
    await writeFile(join(folder, `${name}.npy`), bytes);
}
