import { expect } from 'chai';
import fc from 'fast-check';
import { markdownTable, markdownText } from '../../src/text/markdown.js';
import { numberColumn, tableOf, textColumn, textTable } from '../../src/text/table.js';
import { textWidth } from '../../src/text/text.js';

const items = [
  { name: 'ReLU', mean: 0.5, verdict: 'better' },
  { name: 'SNN \u001b[31mred', mean: 12.25, verdict: 'worse' },
] as const;
const table = tableOf<(typeof items)[number]>('Some means', items, [
  textColumn('Variant', ({ name }) => name),
  numberColumn('mean', ({ mean }) => mean),
  textColumn('verdict', ({ verdict }) => ({ text: verdict, as: verdict })),
]);
const plain = (text: string) => text;

describe('a table', () => {
  it('stands in lines, numbers on the right, without what would steer a terminal', () => {
    expect(textTable(table, { columns: 80, dim: plain })).to.deep.equal([
      'Variant   mean  verdict',
      'ReLU       0.5  better',
      'SNN red  12.25  worse',
    ]);
  });

  it('has no line of titles where none has one', () => {
    const untitled = { ...table, columns: table.columns.map(({ kind }) => ({ title: '', kind })) };
    expect(textTable(untitled, { columns: 80, dim: plain })[0]).to.equal('ReLU       0.5  better');
  });

  it('takes a line a cell where it is too wide, and is never wider', () => {
    expect(textTable(table, { columns: 20, dim: plain }).slice(0, 3)).to.deep.equal([
      'ReLU',
      '  mean     0.5',
      '  verdict  better',
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (columns) => {
        const lines = textTable(table, { columns, dim: plain });
        for (const line of lines) expect(textWidth(line)).to.be.at.most(columns);
      }),
    );
  });

  it('is Markdown that says which columns are numbers', () => {
    expect(markdownTable(table)).to.deep.equal([
      '| Variant | mean | verdict |',
      '| --- | ---: | --- |',
      '| ReLU | 0.5 | better |',
      `| ${markdownText('SNN \u001b[31mred')} | 12.25 | worse |`,
    ]);
  });
});
