import { readFileSync } from 'node:fs';
import { script } from '../../report/html/script.js';
import { style } from '../../report/html/style.js';
import { pageStyle } from './page-style.js';

/** A file that pages load. */
interface Asset {
  readonly type: string;
  readonly text: string;
}

/** By path. `npm run build` makes the page's script and the plots' style. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const plots = readFileSync(new URL('../../../bin/live-page.css', import.meta.url), 'utf8');
  const page = readFileSync(new URL('../../../bin/live-page.js', import.meta.url), 'utf8');
  const javascript = 'text/javascript; charset=utf-8';
  return new Map([
    ['/style.css', { type: 'text/css; charset=utf-8', text: [style, plots, pageStyle].join('\n') }],
    ['/report.js', { type: javascript, text: script }],
    ['/page.js', { type: javascript, text: page }],
  ]);
}
