/** What the served pages have beside a report's style. */
export const pageStyle = `
.state { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; color: var(--muted); }
.state strong { color: var(--ink); font-weight: 600; }
.interim { --tone: var(--inconclusive); border-left: 6px solid var(--tone); margin-top: 18px; padding: 12px 18px; }
.controls { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center; margin: 10px 0; font-size: .9rem; }
.controls label { display: inline-flex; gap: 6px; align-items: center; max-width: 100%; }
.controls label > :is(input, select) { min-width: 0; }
input, select, button, textarea { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; padding: 4px 8px; max-width: 100%; }
input[type="checkbox"] { accent-color: var(--link); width: 1.05rem; height: 1.05rem; }
button { cursor: pointer; }
th button { border: 0; background: none; padding: 0; color: inherit; text-align: left; }
th[aria-sort="ascending"] button::after { content: " ▲"; } th[aria-sort="descending"] button::after { content: " ▼"; }
.chart { min-height: 320px; }
.chart .u-legend { font-size: .85rem; text-align: left; }
.chart .u-legend .u-value { font-variant-numeric: tabular-nums; }
.u-select { background: color-mix(in srgb, var(--link) 18%, transparent); }
.start { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: 12px 18px; margin: 10px 0; align-items: end; }
.start label { display: grid; gap: 4px; font-size: .9rem; min-width: 0; } .start :is(select, input, textarea) { width: 100%; }
.start .full { grid-column: 1 / -1; }
.start button { justify-self: start; font-weight: 600; padding: 6px 16px; }
textarea { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.side { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 24px; }
[hidden] { display: none !important; }
.needs-script { display: none; } .scripted .needs-script { display: block; } .scripted .controls.needs-script { display: flex; }
.stale { color: var(--worse); }
@media (max-width: 760px) { .side { grid-template-columns: minmax(0, 1fr); } .chart { min-height: 240px; } }
@media print { .controls, .needs-script, .scripted [hidden] { display: none !important; }
.needs-script { display: none; } }
`;
