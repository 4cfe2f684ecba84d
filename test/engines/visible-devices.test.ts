import { expect } from 'chai';
import { visibleDevices } from '../../src/engines/visible-devices.js';

describe('visibleDevices', () => {
  const machine = { request: 'auto', gpus: 2, jobs: 3 } as const;
  const seen = (situation: Parameters<typeof visibleDevices>[1]) =>
    [0, 1, 2].map((place) => visibleDevices(place, situation));

  it('gives trials that run at once a GPU each, in turn', () => {
    expect(seen(machine)).to.deep.equal(['0', '1', '0']);
  });

  it('gives out only the GPUs that the user lets be seen', () => {
    expect(seen({ ...machine, gpus: 4, inherited: '2,3' })).to.deep.equal(['2', '3', '2']);
    expect(seen({ ...machine, inherited: '1' })).to.deep.equal([undefined, undefined, undefined]);
  });

  it('leaves a lone trial all of them, and hides all from one that is to use the CPU', () => {
    expect(visibleDevices(0, { ...machine, jobs: 1 })).to.equal(undefined);
    expect(visibleDevices(0, { ...machine, request: 'cpu', jobs: 1 })).to.equal('-1');
  });
});
