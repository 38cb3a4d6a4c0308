/**
 * The style sheet of every page, on a screen and on A4, light and dark. Nothing else is fetched, and no page has a style of its own.
 * `.scroll` goes around a wide table, `.tables` around narrow ones that stand side by side; `.number` is a column of figures; `.good`, `.bad` and `.wait` colour what is said in words too.
 */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --raised: #f4f6fa; --ink: #1b2230; --soft: #545d6e; --line: #cdd3de;
  --link: #1d4f9e; --good: #135c34; --bad: #9c1c14; --wait: #7a4b00; --good-paper: #e9f5ee; --bad-paper: #fcecea; --wait-paper: #fdf3e0;
  --bar: #3a6fc4; --bar-2: #b8742a; --bar-3: #6d7688; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181f; --raised: #1e242e; --ink: #e8ebf1; --soft: #aeb6c4; --line: #3a4352;
  --link: #8fb8f5; --good: #7fd6a2; --bad: #ff9d94; --wait: #f3c069; --good-paper: #14301f; --bad-paper: #3b1a17; --wait-paper: #382a10;
  --bar: #6d9be8; --bar-2: #dc9a52; --bar-3: #9aa3b4; } }
* { box-sizing: border-box; }
html { font: 100%/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 2rem; overflow-wrap: break-word; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .6rem; z-index: 1; }
header { border-bottom: 1px solid var(--line); padding-top: .8rem; }
.where { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; align-items: baseline; }
.company { margin: 0; font-weight: 600; }
.find { margin-left: auto; display: flex; flex-wrap: wrap; gap: .4rem; align-items: baseline; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem .2rem; margin: .6rem 0 0; padding: 0; }
nav a, nav span[aria-current] { display: block; padding: .4rem .7rem; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav a[aria-current] { font-weight: 600; border-bottom: 3px solid; color: var(--ink); }
.badge { display: inline-block; min-width: 1.5em; padding: 0 .4em; border-radius: 1em; text-align: center; font-weight: 600; background: var(--bad); color: var(--paper); }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1.3rem 0 .8rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
main:focus { outline: none; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .8rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; background: var(--raised); }
.card p { margin: .1rem 0; }
.card .figure { font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.said { border-left: .3rem solid; padding: .5rem .8rem; margin: .8rem 0; }
.said p { margin: .2rem 0; }
.good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
.said.good, .state.good { background: var(--good-paper); } .said.bad, .state.bad { background: var(--bad-paper); } .said.wait, .state.wait { background: var(--wait-paper); }
.state { display: inline-block; padding: 0 .5em; border-radius: .3em; white-space: nowrap; font-weight: 600; }
.soft { color: var(--soft); }
.scroll, .tables { overflow-x: auto; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(27rem, 100%), 1fr)); gap: 0 2.5rem; align-items: start; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1.2rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--soft); font-weight: 600; }
tbody th { font-weight: normal; }
tfoot th, tfoot td, .sum th, .sum td { font-weight: 600; border-top: 2px solid var(--soft); }
th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
time, .nowrap { white-space: nowrap; }
.pages { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1.2rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } .find { margin-left: 0; } }
form p { margin: .7rem 0; }
label { display: inline-block; }
.field label { display: block; font-weight: 600; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: .8rem 0; }
input, select, textarea, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .3rem; padding: .35rem .6rem; max-width: 100%; }
button { background: var(--raised); cursor: pointer; font-weight: 600; }
button.main { background: var(--link); border-color: var(--link); color: var(--paper); }
summary { cursor: pointer; padding: .3rem 0; }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; max-height: 20rem; }
figure text { font: 11px system-ui, sans-serif; fill: var(--ink); }
figcaption { color: var(--soft); font-size: .9rem; }
.axis { stroke: var(--line); } .line { fill: none; stroke: var(--bar); stroke-width: 1.6; }
.bar { fill: var(--bar); } .bar-2 { fill: var(--bar-2); } .bar-3 { fill: var(--bar-3); }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
@media (forced-colors: active) { .bar, .bar-2, .bar-3 { fill: CanvasText; } .line { stroke: CanvasText; } .badge, .state { border: 1px solid; } }
@page { size: A4; margin: 13mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --raised: #fff; --ink: #000; --soft: #444; --line: #bbb; --link: #000; --good: #000; --bad: #000; --wait: #000; }
  html { font-size: 9pt; line-height: 1.3; }
  body { max-width: none; padding: 0; }
  header nav, header a, .find, .skip, .pages, .act, footer nav, form { display: none; }
  header { padding: 0; } footer { margin-top: 4mm; } p, figure { margin: 1.5mm 0; } .said { padding: 1mm 3mm; }
  h1 { font-size: 15pt; margin: 4mm 0 3mm; } h2 { margin: 4mm 0 1mm; }
  table { margin: 1mm 0 3mm; } th, td { padding: .55mm 2mm .55mm 0; }
  thead { display: table-header-group; } tr, .card, figure { break-inside: avoid; }
  a { text-decoration: none; } .scroll, .tables { overflow: visible; } .tables { grid-template-columns: 1fr 1fr; gap: 0 6mm; }
  figure svg { max-height: 40mm; } details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
