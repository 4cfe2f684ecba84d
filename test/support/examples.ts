import { parts } from '../../src/data/dataset.js';
import type { Dataset } from '../../src/data/dataset.js';
import type { Examples, SharedValues, Shape } from '../../src/protocol/index.js';

/** Images of bytes with their labels, from plain arrays. */
export function labeledImages(
  images: readonly (readonly number[])[],
  labels: readonly number[] = images.map(() => 0),
  shape: Shape = [images[0]!.length],
): Examples {
  return examplesOf(shape, images.flat(), labels);
}

/** The same from the bytes of all images, one after the other. */
export function examplesOf(
  shape: Shape,
  bytes: ArrayLike<number>,
  labels: ArrayLike<number>,
): Examples {
  return {
    count: labels.length,
    inputs: { shape, values: shared(Uint8Array, bytes) },
    targets: { shape: [], values: shared(Uint8Array, labels) },
  };
}

/** A dataset around two sets of examples; the files are made up. */
export function datasetOf(train: Examples, test: Examples): Dataset {
  const files = parts.map((part) => ({ name: part, md5: '0'.repeat(32), bytes: 0, holds: [part] }));
  return { name: 'made-up', train, test, files };
}

/** Numbers in shared memory. */
export function shared<Values extends SharedValues>(
  type: { readonly BYTES_PER_ELEMENT: number; new (buffer: SharedArrayBuffer): Values },
  numbers: ArrayLike<number>,
): Values {
  const values = new type(new SharedArrayBuffer(numbers.length * type.BYTES_PER_ELEMENT));
  values.set(numbers);
  return values;
}

/** Training and test data of two pictures of 2 x 2 pixels; those of the test are of the classes 4 and 7. */
export function twoPictures(): Dataset {
  const images = [
    [0, 1, 2, 3],
    [9, 8, 7, 6],
  ];
  return datasetOf(
    labeledImages(images, [0, 0], [2, 2, 1]),
    labeledImages(images, [4, 7], [2, 2, 1]),
  );
}
