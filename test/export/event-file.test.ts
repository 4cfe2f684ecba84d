import { expect } from 'chai';
import fc from 'fast-check';
import { encodeFileVersion, encodeScalars } from '../../src/export/event-file.js';
import { crc32c, decodeEventFile } from '../support/event-file.js';

describe('an event file', () => {
  it('is read back by a decoder that checks every CRC, whatever the scalars', () => {
    const scalars = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.float(), { maxKeys: 4 });
    fc.assert(
      fc.property(fc.double(), fc.maxSafeNat(), scalars, (wallTime, step, written) => {
        const [event] = decodeEventFile(
          Buffer.from(encodeScalars({ wallTime, step, scalars: written })),
        );
        expect(event).to.deep.equal({ wallTime, step, fileVersion: undefined, scalars: written });
      }),
    );
  });

  it('starts with the version that readers ask for', () => {
    const [event] = decodeEventFile(Buffer.from(encodeFileVersion(1.5)));
    expect(event).to.include({ wallTime: 1.5, fileVersion: 'brain.Event:2' });
  });

  it('is checked with the CRC-32C of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).to.equal(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).to.equal(0x8a9136aa);
  });
});
