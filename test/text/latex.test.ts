import { expect } from 'chai';
import fc from 'fast-check';
import { latexTable, latexText } from '../../src/text/latex.js';
import { numberColumn, tableOf, textColumn } from '../../src/text/table.js';

describe('latexText', () => {
  it('typesets what LaTeX would take for commands', () => {
    expect(latexText('50% & more_#1 {a} $x$ ~^\\')).to.equal(
      '50\\% \\& more\\_\\#1 \\{a\\} \\$x\\$ \\textasciitilde{}\\textasciicircum{}\\textbackslash{}',
    );
    expect(latexText('a < b > c | "d" `e`')).to.equal(
      'a \\textless{} b \\textgreater{} c \\textbar{} \\char34{}d\\char34{} \\textasciigrave{}e\\textasciigrave{}',
    );
  });

  it('makes no dashes or quotation marks of punctuation, and a minus sign before numbers', () => {
    expect(latexText("--seeds ''")).to.equal("-{}-seeds '{}'");
    expect(latexText('-0.3 to 1.2, x-1')).to.equal('$-$0.3 to 1.2, x-1');
    expect(latexText('1 ± 2 − 3')).to.equal('1 $\\pm$ 2 $-$ 3');
  });

  it('keeps one line, without control characters', () => {
    expect(latexText('a\n\nb\u001b[31mc\u0000')).to.equal('a bc ');
  });

  it('leaves nothing that is special, whatever the text is', () => {
    const ours =
      /\\(?:text[a-z]+|char34)\{\}|\\ldots\{\}|\$\\(?:pm|times|surd|Delta)\$|\$-\$|\\[{}$&#%_]|\{[[\]*]\}|\{\}/g;
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const hostile = fc.string({
      unit: fc.constantFrom(...Array.from('\\{}$&#%_~^<>|"`[]*-\',− ±1a')),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.oneof(text, hostile), (any) => {
        const rest = latexText(any).replaceAll(ours, ' ');
        expect(rest).not.to.match(/[\\{}$&#%_~^<>|"`[\]*\n]/);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('latexTable', () => {
  it('is a tabular with the rules of booktabs, in which no cell is an argument', () => {
    const table = tableOf(
      'Rows',
      [
        { name: '[x]*', p: -0.5 },
        { name: 'A & B', p: 1 },
      ],
      [textColumn('', ({ name }) => name), numberColumn('p', ({ p }) => p)],
    );
    expect(latexTable(table)).to.deep.equal([
      '\\begin{tabular}{lr}',
      '  \\toprule',
      '   & $p$ \\\\',
      '  \\midrule',
      '  {[}x{]}{*} & $-$0.5 \\\\',
      '  A \\& B & 1 \\\\',
      '  \\bottomrule',
      '\\end{tabular}',
    ]);
  });
});
