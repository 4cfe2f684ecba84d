import { expect } from 'chai';
import { streamSeed } from '../../src/random/streams.js';

describe('streamSeed', () => {
  it('is the documented hash', () => {
    // printf 'lockstep/1:0:data' | sha256sum | cut -c1-8, read as a little-endian int32, and so on.
    expect(streamSeed(0, 'data')).to.equal(-1575973407);
    expect(streamSeed(1, 'dropout', 'snn')).to.equal(928545244);
  });

  it('differs between trials, streams and variants', () => {
    const seeds = [0, 1, 2].flatMap((seed) => [
      streamSeed(seed, 'data'),
      streamSeed(seed, 'init'),
      streamSeed(seed, 'dropout'),
      streamSeed(seed, 'init', 'relu'),
      streamSeed(seed, 'init', 'snn'),
    ]);
    expect(new Set(seeds).size).to.equal(seeds.length);
  });

  it('is an int32', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const value = streamSeed(seed, 'data');
      expect(value).to.equal(value | 0);
    }
  });
});
