import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import {
  decodePredictions,
  encodePredictions,
  readPredictions,
} from '../../src/predictions/predictions-file.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const predictions = {
  seed: 2 ** 53 - 1,
  step: 50,
  labelsMd5: 'abc',
  variants: { relu: Uint8Array.of(0, 9, 255), snn: Uint8Array.of(1, 2, 3) },
};

describe('a predictions file', () => {
  it('is read as it was written', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'predictions.safetensors');
      expect(await readPredictions(path)).to.equal(undefined);
      await writeFile(path, encodePredictions(predictions));
      expect(await readPredictions(path)).to.deep.equal(predictions);
    });
  });

  it('takes one byte an example and variant, as uint8 safetensors', () => {
    const file = encodePredictions(predictions);
    const headerLength = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerLength)) as object;
    expect(header).to.deep.include({ relu: { dtype: 'U8', shape: [3], data_offsets: [0, 3] } });
    expect(file.length).to.equal(8 + headerLength + 6);
  });

  it('has the probabilities beside them, at multiples of four bytes, where there are any', () => {
    const confidences = { relu: Float32Array.of(0.5, 1, 0.75), snn: Float32Array.of(1, 1, 0.25) };
    const file = encodePredictions({ ...predictions, confidences });
    expect(file.toString('latin1')).to.include(
      '"relu.confidence":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}',
    );
    expect(decodePredictions(file, 'p')).to.deep.equal({ ...predictions, confidences });
  });

  it('is refused when it is something else', async () => {
    const file = encodePredictions(predictions);
    const text = file.toString('latin1').replace('"dtype":"U8"', '"dtype":"I8"');
    await expectError('data', /p: .*dtype I8, not U8 or F32/, () =>
      decodePredictions(Buffer.from(text, 'latin1'), 'p'),
    );
    const nameless = encodeSafetensors({ relu: { shape: [1], values: Uint8Array.of(1) } });
    await expectError('data', /p: expected predictions on the test split/, () =>
      decodePredictions(nameless, 'p'),
    );
  });
});
