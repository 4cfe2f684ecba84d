import type { Dataset } from '../../src/data/dataset.js';
import type { LabeledImages } from '../../src/protocol/index.js';

/** Labeled images in shared memory, from plain arrays. */
export function labeledImages(
  images: readonly (readonly number[])[],
  labels: readonly number[] = images.map(() => 0),
): LabeledImages {
  return labeledBytes(images.flat(), labels);
}

/** The same from the bytes of all images, one after the other. */
export function labeledBytes(bytes: ArrayLike<number>, labels: ArrayLike<number>): LabeledImages {
  return { count: labels.length, images: shared(bytes), labels: shared(labels) };
}

/** A dataset around two sets of images; the files are made up. */
export function datasetOf(
  train: LabeledImages,
  test: LabeledImages,
  imageShape: Dataset['imageShape'],
): Dataset {
  const file = (name: string) => ({ name, md5: '0'.repeat(32), bytes: 0 });
  return {
    name: 'made-up',
    imageShape,
    train,
    test,
    files: [
      file('train-images-idx3-ubyte'),
      file('train-labels-idx1-ubyte'),
      file('t10k-images-idx3-ubyte'),
      file('t10k-labels-idx1-ubyte'),
    ],
  };
}

function shared(values: ArrayLike<number>): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(values.length));
  bytes.set(values);
  return bytes;
}
