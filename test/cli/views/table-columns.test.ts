import { expect } from 'chai';
import {
  fittingColumns,
  headText,
  rowSegments,
  titledColumn,
} from '../../../src/cli/views/table-columns.js';

const columns = [
  titledColumn('n', { width: 3, most: 8 }, (n: number) => ({ text: String(n) })),
  titledColumn('state', { width: 4, most: 8, isText: true }, () => ({ text: 'ok' })),
  titledColumn('漢字漢字漢字', { width: 2, most: 8 }, (n: number) => ({ text: String(-n) })),
];
const textOf = (n: number, of = columns) =>
  rowSegments(n, of)
    .map(({ text }) => text)
    .join('');

describe('the columns of a table', () => {
  it('are as wide as their titles, cut to what is allowed, and keep their width', () => {
    expect(columns.map(({ width }) => width)).to.deep.equal([3, 5, 7]);
    expect(headText(columns)).to.equal('  n  state  漢字漢…');
    expect(textOf(7)).to.equal('  7  ok          -7');
    expect(textOf(123)).to.equal('123  ok        -123');
  });

  it('are left out from the last where there is no room', () => {
    const fitted = (room: number) => fittingColumns(columns, room).length;
    expect([19, 18, 10, 9, 3, 2].map(fitted)).to.deep.equal([3, 2, 2, 1, 1, 0]);
  });
});
