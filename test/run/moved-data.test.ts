import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { movedData } from '../../src/run/moved-data.js';
import type { Data } from '../../src/config/schema/data.js';
import { expectError } from '../support/expect-error.js';

const cwd = resolve('/here');
const source = (path: string, target = 'x') =>
  ({
    ...{ dataset: 'path', path, batchSize: 8 },
    csv: { target, missing: 'refuse', delimiter: ',' },
  }) as unknown as Data;

const moved = (sources: readonly Data[], ...asked: string[]) =>
  sources.map((data) => movedData(sources, { asked, cwd }).get(data));

describe('movedData', () => {
  const iris = source('/data/tables/iris');
  const wine = source('/data/tables/wine');
  const refused = (sources: readonly Data[], message: RegExp, ...asked: string[]) =>
    expectError('usage', message, () => moved(sources, ...asked));

  it('takes a folder for the only dataset, whatever its name', () => {
    expect(moved([iris], 'new')).to.deep.equal([join(cwd, 'new')]);
    expect(moved([iris], '/a=b')).to.deep.equal(['/a=b']);
    expect(moved([iris], 'iris=new')).to.deep.equal([join(cwd, 'new')]);
    expect(moved([iris])).to.deep.equal([undefined]);
    // The same files, read in two ways.
    const other = source('/data/tables/iris', 'y');
    expect(moved([iris, other], 'new')).to.deep.equal([join(cwd, 'new'), join(cwd, 'new')]);
  });

  it('takes a folder for each of several datasets, by as much of its recorded folder as tells', () => {
    expect(moved([iris, wine], 'wine=new/w')).to.deep.equal([undefined, join(cwd, 'new/w')]);
    expect(moved([iris, wine], 'tables/iris=/i', '/data/tables/wine/=w')).to.deep.equal([
      '/i',
      join(cwd, 'w'),
    ]);
    const here = [source(join(cwd, 'wine')), wine];
    expect(moved(here, './wine=w')).to.deep.equal([join(cwd, 'w'), undefined]);
    const mnist = { dataset: 'mnist', batchSize: 8 } as Data;
    expect(moved([iris, mnist], 'mnist=m')).to.deep.equal([undefined, join(cwd, 'm')]);
  });

  it('refuses what leaves open which dataset is meant', async () => {
    await refused([iris, wine], /expected RECORDED=FOLDER, .*iris, .*wine, got new$/, 'new');
    await refused([iris, wine], /got ris=new$/, 'ris=new');
    await refused([iris, wine], /got =new$/, '=new');
    const two = [iris, source('/other/iris')];
    await refused(two, /than iris, which fits \/data\/tables\/iris and \/other\/iris$/, 'iris=new');
    await refused([iris, wine], /one folder for .*iris, got another/, 'iris=a', 'tables/iris=b');
  });
});
