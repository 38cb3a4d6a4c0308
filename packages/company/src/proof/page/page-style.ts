/** On a screen, and on A4. No font, picture or script is fetched. */
export const pageStyle: string = `
:root { color-scheme: light; --ink: #1c2330; --soft: #5b6475; --line: #d8dce4; --good: #17693c; --bad: #a3231b; --mark: #2f5fb3; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: #fff; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.6rem 0 .5rem; font-size: 1.1rem; }
header p { margin: .2rem 0; color: var(--soft); }
.verdict { display: inline-block; margin-top: .5rem; padding: .35rem .7rem; border-left: 4px solid; font-weight: 600; }
header .good { color: var(--good); background: #eef7f1; }
header .bad { color: var(--bad); background: #fcf0ef; }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; }
figure text { font: 10px system-ui, sans-serif; fill: var(--soft); }
figure .balance { fill: none; stroke: var(--mark); stroke-width: 1.2; }
figure .zero { stroke: var(--line); }
figcaption { font-size: .85em; color: var(--soft); }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(21rem, 1fr)); gap: 0 2rem; }
table { width: 100%; border-collapse: collapse; margin: .8rem 0; break-inside: avoid; align-self: start; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; border-bottom: 2px solid var(--ink); }
th { text-align: left; font-weight: normal; }
th, td { padding: .2rem .4rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.tables td, .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; }
.closing th, .closing td { font-weight: 600; border-top: 1px solid var(--ink); }
.compared th { color: var(--soft); }
.difference th, .difference td { font-weight: 600; color: var(--good); border-bottom: 2px solid var(--line); }
.wrong th, .wrong td { color: var(--bad); }
a { color: var(--mark); }
.findings ol { padding-left: 1.3rem; }
.findings li { margin: .5rem 0; break-inside: avoid; }
.findings p { margin: 0; }
.findings .error p:first-child { color: var(--bad); }
.where, .action { font-size: .9em; color: var(--soft); }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; }
table:target { background: #f3f6fc; }
summary { cursor: pointer; }
summary b { float: right; font-variant-numeric: tabular-nums; }
.detail { font-size: .85rem; break-inside: auto; }
.detail th { font-weight: 600; }
.detail td:first-child { white-space: nowrap; }
.detail tr { break-inside: avoid; }
@page { size: A4; margin: 16mm 14mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 7.5pt system-ui, sans-serif; color: #5b6475; } }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; line-height: 1.3; }
  main { display: flex; flex-direction: column; }
  h1 { font-size: 15pt; }
  figure { margin: .4rem 0; }
  table { margin: .35rem 0; }
  th, td { padding: 1.5pt 3pt 1.5pt 0; }
  .tables { grid-template-columns: 1fr 1fr; }
  a { color: inherit; text-decoration: none; }
  .findings { order: 1; }
  .rows { order: 2; break-before: page; columns: 2; column-gap: 2.5rem; }
  .rows h2, .wide { column-span: all; }
  .rows h2 { margin-top: 0; }
  .detail { font-size: 7.5pt; line-height: 1.25; }
  .detail th, .detail td { padding: .5pt 3pt .5pt 0; }
  details { border: 0; padding: 0 0 .6rem; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary { display: flex; justify-content: space-between; align-items: end; gap: 1rem; break-after: avoid; font-weight: 600; border-bottom: 1px solid var(--ink); }
  .verdict { border: 1px solid; border-left-width: 4px; }
}
`;
