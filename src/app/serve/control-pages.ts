import { markup } from '../../report/html/markup.js';
import type { Markup } from '../../report/html/markup.js';
import { startCommands } from './control.js';
import type { RunActivity } from './control.js';
import type { Configurations } from './configurations.js';

const engines = ['auto', 'wasm', 'tensorflow'];
const commandTexts: Readonly<Record<(typeof startCommands)[number], string>> = {
  run: 'run: all seeds',
  sweep: 'sweep: every point with every seed',
  decide: 'decide: seed after seed until the verdict is clear',
};

/** The form that starts a run. @param given what it was sent with */
export function startForm({ shipped, own }: Configurations, given = new URLSearchParams()): Markup {
  const chosen = given.get('config') ?? 'tutorial';
  const option = (value: string, text = value, selected = value === chosen) =>
    markup`<option value="${value}"${selected ? markup` selected` : ''}>${text}</option>`;
  const options = (name: string, values: readonly string[], texts: readonly string[] = values) =>
    values.map((value, index) => option(value, texts[index], value === given.get(name)));
  return markup`<form class="card start" method="post" action="/start">
    <label>Configuration <select name="config">
      <optgroup label="Shipped with Lockstep">${shipped.map((name) => option(name))}</optgroup>
      ${own.length === 0 ? '' : markup`<optgroup label="Of this project">${own.map((name) => option(name))}</optgroup>`}
    </select></label>
    <label>Command <select name="command">${options('command', startCommands, Object.values(commandTexts))}</select></label>
    <label>Seeds <input name="seeds" value="${given.get('seeds')}" placeholder="1..10" autocomplete="off" /></label>
    <label>Trials at the same time <input name="jobs" value="${given.get('jobs') ?? '1'}" autocomplete="off" /></label>
    <label>Engine <select name="engine">${options('engine', engines)}</select></label>
    <label class="full">Overrides, one path=value a line
      <textarea name="set" rows="3" placeholder="training.steps=100" spellcheck="false">${given.get('set')}</textarea></label>
    <button>Start</button>
  </form>`;
}

/** The place in the list of runs where one is started. */
export function startPlace(configurations: Configurations): Markup {
  return markup`<details><summary>Start a run</summary>${startForm(configurations)}</details>`;
}

/**
 * What can be done with a run.
 * @param address of the run
 * @param open whether trials of it are left to train
 */
export function runControls(
  address: string,
  activity: RunActivity,
  { open, failed }: { readonly open: boolean; readonly failed: boolean },
): Markup {
  switch (activity) {
    case 'working':
      return markup`<form class="controls" method="post" action="${address}/stop">
        <button>Stop</button>
        <span>The trials finish their step and save; the run can be resumed.</span>
      </form>`;
    case 'stopping':
      return markup`<p role="status">Stopping: the trials finish their step and save.</p>`;
    case 'elsewhere':
      return markup`<p>Another machine trains this run; it can be stopped there.</p>`;
    case 'idle':
      return markup`<form class="controls" method="post" action="${address}/resume">
        <button>${open ? 'Resume' : 'Add seeds'}</button>
        <label>Seeds <input name="seeds" placeholder="${open ? 'as they are' : '1..20'}" autocomplete="off" /></label>
        <label>Trials at the same time <input name="jobs" value="1" size="4" autocomplete="off" /></label>
        ${failed ? markup`<label><input type="checkbox" name="failed" /> Failed trials as well</label>` : ''}
      </form>`;
  }
}

/** What a command printed that started nothing. */
export function printedText(code: number | null, printed: string): Markup {
  return markup`<p>The command ended with ${code === null ? 'no exit code' : `exit code ${code}`}, before there was a run:</p>
    <pre tabindex="0">${printed.trim() === '' ? 'It printed nothing.' : printed.trim()}</pre>`;
}
