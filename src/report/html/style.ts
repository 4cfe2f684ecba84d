const light = `
  color-scheme: light;
  --page: #f5f6f8; --surface: #ffffff; --ink: #16191d; --muted: #535c69; --line: #cfd5dd;
  --grid: #e9ecf0; --zone: #eceff3; --link: #0b5cad;
  --better: #14713f; --worse: #b3261e; --equivalent: #0b6285; --inconclusive: #76560a;
  --mixed: #5b45a5;
  --series-1: #0072b2; --series-2: #d55e00; --series-3: #009e73; --series-4: #b0578d;
  --series-5: #b98300; --series-6: #3b8fc2; --series-7: #3c3c3c;`;

const dark = `
  color-scheme: dark;
  --page: #0e1013; --surface: #16191e; --ink: #e9ecf0; --muted: #a5afbb; --line: #3a424c;
  --grid: #252a31; --zone: #22272e; --link: #7ab8f5;
  --better: #4fd091; --worse: #ff8f85; --equivalent: #68c3ea; --inconclusive: #e6bd55;
  --mixed: #b8a6ff;
  --series-1: #4ea8e6; --series-2: #ff8b4a; --series-3: #35c79c; --series-4: #e59ccb;
  --series-5: #f0b840; --series-6: #9ad2f4; --series-7: #d8d8d8;`;

/** The page's style: light and dark by the reader's setting, always light on paper. */
export const style = `
:root {${light}
}
@media screen and (prefers-color-scheme: dark) { :root {${dark}
} }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
main, header, footer { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
header p { margin: 0; max-width: none; color: var(--muted); overflow-wrap: anywhere; }
p, li, figcaption { text-wrap: pretty; }
h1 { font-size: 1.05rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.6rem 0 .35rem; letter-spacing: -.01em; }
h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
p { margin: .4rem 0 .8rem; max-width: 75ch; }
a { color: var(--link); }
code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
nav { margin: 14px 0 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0; padding: 0; font-size: .9rem; }
nav a { display: inline-block; padding: 4px 0; }
.skip { position: absolute; left: -999px; top: 0; background: var(--surface); padding: 8px 12px; z-index: 2; }
.skip:focus { left: 8px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 12px; list-style: none; margin: 12px 0 0; padding: 0; }
.gallery figure { display: flex; gap: 10px; margin: 0; font-size: .85rem; }
.gallery img { flex: none; image-rendering: pixelated; background: #000; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; }
.verdict { margin-top: 18px; border-left: 6px solid var(--tone); padding: 22px 26px 24px; }
.verdict .word {
  display: inline-block; margin: 0 0 .5rem; color: var(--tone); font-weight: 700; font-size: .95rem;
  letter-spacing: .04em; text-transform: uppercase;
}
.verdict .sentence { font-size: 1.42rem; line-height: 1.38; margin: 0; max-width: 62ch; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere; text-wrap: balance; }
.verdict .more { color: var(--muted); margin: .6rem 0 0; overflow-wrap: anywhere; }
.verdict ul { margin: .6rem 0 0; padding-left: 1.2rem; max-width: 85ch; overflow-wrap: anywhere; }
.verdict .note { margin: .8rem 0 0; }
.better { --tone: var(--better); } .worse { --tone: var(--worse); }
.equivalent { --tone: var(--equivalent); } .inconclusive { --tone: var(--inconclusive); }
.mixed { --tone: var(--mixed); }
.tag { color: var(--tone); font-weight: 600; white-space: nowrap; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px; margin: 14px 0 0; padding: 0; }
.facts > div { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; }
.facts dt { color: var(--muted); font-size: .85rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts dd.value { font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.35; }
.facts dd.detail { color: var(--muted); font-size: .85rem; }
.plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin: 14px 0; }
.plot { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 18px 18px 14px; margin: 0; min-width: 0; }
.plot.full { grid-column: 1 / -1; }
.plot svg { display: block; width: 100%; height: auto; overflow: visible; }
.plot svg text { font-variant-numeric: tabular-nums; }
.plot .narrow { display: none; }
figcaption { color: var(--muted); font-size: .875rem; line-height: 1.45; margin-top: .6rem; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 10px 0 0; padding: 0; font-size: .925rem; }
.legend li { overflow-wrap: anywhere; }
.legend span { display: inline-block; width: 22px; height: 4px; border-radius: 2px; margin-right: 8px; vertical-align: middle; }
h3 ~ h3 { margin-top: 1.4rem; }
.card > .scroll { margin: 0; }
.card + .card { margin-top: 14px; }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--link); font-size: .875rem; width: max-content; max-width: 100%; }
.scroll { overflow: auto; max-height: 760px; margin: .6rem 0; border-radius: 6px; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: baseline; }
thead th { color: var(--muted); font-weight: 500; border-bottom-color: var(--line); vertical-align: bottom; }
tbody th { font-weight: 500; }
th.number, td.number { text-align: right; white-space: nowrap; padding-left: 12px; }
.number + .word { padding-left: 12px; }
thead th.number { white-space: normal; }
td.word, tbody th { overflow-wrap: break-word; min-width: 7ch; }
th code { overflow-wrap: break-word; }
td.word:has(code) { min-width: 20ch; }
table.confusion td.number { background: color-mix(in srgb, var(--series-2) var(--share), transparent); }
table.confusion td.right { background: color-mix(in srgb, var(--series-1) var(--share), transparent); }
pre { overflow: auto; max-height: 560px; margin: .6rem 0; padding: 14px; background: var(--page); border-radius: 6px; }
pre.copy { white-space: pre-wrap; overflow-wrap: anywhere; }
.copy { user-select: all; -webkit-user-select: all; }
footer { color: var(--muted); font-size: .875rem; padding-top: 28px; padding-bottom: 40px; }
.tip {
  position: fixed; z-index: 3; pointer-events: none; max-width: 320px; padding: 5px 9px; border-radius: 6px;
  background: var(--ink); color: var(--surface); font-size: .8125rem; line-height: 1.4; overflow-wrap: anywhere;
}
@media (max-width: 760px) {
  main, header, footer { padding-left: 14px; padding-right: 14px; }
  .plots { grid-template-columns: minmax(0, 1fr); }
  .plot { padding: 14px 12px 12px; }
  .plot .wide { display: none; } .plot .narrow { display: block; }
  .verdict { padding: 18px 16px; } .verdict .sentence { font-size: 1.18rem; }
  .facts { grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; }
  .facts > div { padding: 12px 14px; }
  .scroll { max-height: none; }
  .scroll.long { max-height: 80vh; }
}
@media print {
  :root { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { background: #fff; font-size: 10.5pt; }
  nav, .skip, .plot details { display: none; }
  .plot .wide { display: none; } .plot .narrow { display: block; }
  .plot.full .wide { display: block; } .plot.full .narrow { display: none; }
  .facts { grid-template-columns: repeat(3, 1fr); }
  table { font-size: 8pt; }
  th, td, th.number, td.number { white-space: normal; overflow-wrap: normal; min-width: 0; padding: 4px 6px 4px 0; }
  td.word, tbody th { overflow-wrap: anywhere; }
  td.word:has(code) { min-width: 0; }
  .tag { white-space: normal; }
  .plots { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .card, .plot, .facts > div, .gallery li, tr { break-inside: avoid; }
  .card:has(table), .card:has(.gallery) { break-inside: auto; }
  h2, h3, h2 ~ p, .legend { break-after: avoid; }
  .scroll, .scroll.long, pre { max-height: none; overflow: visible; }
  pre { white-space: pre-wrap; }
}
`;
