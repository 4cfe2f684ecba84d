/** The script of the served pages: `npm run build` bundles it with the plots. */
import { watchList } from './list.js';
import { watchRun } from './run.js';

document.documentElement.classList.add('scripted');
const { page, run } = document.body.dataset;
if (page === 'list') watchList();
if (page === 'run' && run !== undefined) watchRun(run);
