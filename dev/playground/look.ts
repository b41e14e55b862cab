import { LOOK } from '../look.ts'

/** Phone, threats, and the tables with the log: three columns on a desktop, one below the other on a phone. */
export const STYLE = `${LOOK}
:root { --good: light-dark(#0b6b3a, #7ddba3); --good-tint: light-dark(#e2f5e9, #16301f); --bad: light-dark(#b3261e, #ffb4ab);
  --bad-tint: light-dark(#fde9e7, #41201d); --mark: light-dark(#fff0b3, #4a3f12) }
body > header, main { max-width: 104rem }
body > header p { margin: 0; flex-basis: 100% }
button { text-align: start }
button.main { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; text-align: center }
button.main:hover { filter: brightness(1.1) }
button.quiet { border-color: transparent; color: var(--accent); background: none }
.busy button { cursor: progress }
h2 { margin: 1.25rem 0 .5rem } .stage > * > h2:first-child, .stage section:first-child > h2 { margin-top: 0 }
.stage { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem; align-items: start; margin: 1rem 0 2rem }
.stage > * { min-width: 0 }
#said { position: sticky; top: 0; z-index: 1; min-height: 2.75rem; margin: 0 -1rem; padding: .625rem 1rem; font-weight: 600; background: var(--paper); border-bottom: 1px solid var(--line) } #said::before { content: '›'; color: var(--accent); margin-inline-end: .5rem }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.chip { display: inline-block; font-size: .75rem; line-height: 1.25rem; padding: 0 .5rem; border-radius: 1rem; background: var(--tint); white-space: nowrap }
.phones { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 1rem }
.device { background: var(--card); border: 1px solid var(--line); border-radius: 30px; padding: .5rem; box-shadow: 0 1px 2px #0002, 0 8px 24px #0001 }
.device > h2 { font-size: .75rem; font-weight: 600; color: var(--soft); margin: .25rem 0 .375rem; text-align: center }
.screen { display: grid; gap: .5rem; align-content: start; min-height: 17.5rem; background: var(--paper); border-radius: 22px; padding: 1rem }
.screen > *, .screen form > * { margin: 0 } .screen h3 { font-size: 1.125rem; outline: 0 } .screen form { display: grid; gap: .5rem }
.screen label { font-size: .875rem; font-weight: 600 } .screen .tick { display: flex; gap: .5rem; align-items: center; font-weight: 400 }
.screen input:not([type=checkbox]) { font: inherit; width: 100%; min-width: 0; font-size: .875rem; padding: .5rem .625rem; border: 1px solid var(--soft); border-radius: 8px; background: var(--card); color: var(--ink) }
input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.screen button { text-align: center } .inline { display: flex; gap: .5rem } .inline input { flex: 1 } .inline button { white-space: nowrap }
.face { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-weight: 700 }
.who-is { font-weight: 600; font-size: .9375rem; overflow-wrap: anywhere }
.threat { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: .75rem .875rem; margin: 0 0 .75rem }
.threat p { margin: .5rem 0 0; font-size: .9375rem } .threat .links a { white-space: nowrap; font-weight: 600 }
.threat .head { display: flex; align-items: center; gap: .75rem; justify-content: space-between } .threat .head button { font-weight: 600; font-size: .9375rem; background: var(--tint); border-color: transparent }
.threat .head button:hover { border-color: var(--accent) }
.verdict:not(:empty) { font-weight: 700; font-size: .875rem; padding: .125rem .625rem; border-radius: 1rem; background: var(--tint); white-space: nowrap }
[data-verdict=kept] { border-color: var(--good) } [data-verdict=kept] .verdict { background: var(--good-tint); color: var(--good) }
[data-verdict=broken] { border-color: var(--bad) } [data-verdict=broken] .verdict { background: var(--bad-tint); color: var(--bad) }
.threat .promise { border-inline-start: 3px solid var(--line); padding-inline-start: .625rem; font-size: .875rem }
.checks { list-style: none; padding: 0; margin: .625rem 0 0 } .checks li { display: flex; gap: .625rem; padding: .375rem 0; border-top: 1px solid var(--line); font-size: .875rem }
.checks .mark { flex: none; width: 1.25rem; height: 1.25rem; border-radius: 50%; display: grid; place-items: center; font-size: .75rem; font-weight: 700; background: var(--good-tint); color: var(--good) }
.checks .mark::before { content: '✓' } .checks .bad .mark::before { content: '✗' } .checks .bad .mark { background: var(--bad-tint); color: var(--bad) } .checks .bad .soft { color: var(--bad); font-weight: 600 }
.sees { display: grid; gap: 1rem } .sees .card { margin: 0; padding: .75rem .875rem } .sees .card > h2 { margin: 0 } .facts { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0 0 .5rem; font-size: .875rem }
#clock.wrong { background: var(--warn); border-radius: 4px; padding: 0 .25rem; font-weight: 600 }
.scroll { overflow: auto; max-height: 32rem; border-radius: 8px }
.sees h3 { font: 600 .875rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; margin: .75rem 0 .375rem } .sees h3:first-child { margin-top: 0 }
.row { border: 1px solid var(--line); border-radius: 10px; margin: 0 0 .5rem; overflow: hidden; background: var(--card) } .row.new { border-color: var(--accent) }
.row h4 { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .5rem; margin: 0; padding: .375rem .625rem; background: var(--paper); font-weight: 400 }
.kind { font-size: .75rem; font-weight: 700; padding: 0 .5rem; line-height: 1.25rem; border-radius: 4px; background: var(--ink); color: var(--card) }
.row dl { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 0 1rem; padding: .25rem .625rem .375rem; font: .78125rem/1.65 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
.row dl > div { display: flex; flex-wrap: wrap; gap: 0 .625rem; min-width: 0 } .row dt { color: var(--soft) } .row dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
.row mark { background: var(--mark); color: var(--ink); border-radius: 4px; padding: 0 .25rem; box-shadow: inset 2px 0 var(--accent) }
#log { list-style: none; margin: 0; padding: 0 } #log li { border-top: 1px solid var(--line); padding: .375rem 0; font-size: .8125rem } #log li:first-child { border: 0 }
.line, .calls { display: flex; flex-wrap: wrap; align-items: center; gap: .125rem .5rem } #log .soft, #log code { font-size: .8125rem } .line .cost { margin-inline-start: auto }
.calls { color: var(--soft); padding: .125rem 0 0 .5rem } .call { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace } .fault, .lost { color: var(--bad); font-weight: 600 } .lost { background: var(--bad-tint) }
.status { font-weight: 700 } .s2 { color: var(--good) } .s4, .s5 { color: var(--bad) }
@media (min-width: 56rem) { .stage { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } .phones { grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)) }
  .sees { grid-column: 2; grid-row: 1 / span 2; position: sticky; top: 3.75rem; height: calc(100vh - 4.75rem); min-height: 36rem; grid-template-rows: minmax(0, 3fr) minmax(0, 2fr) }
  .sees .card { display: flex; flex-direction: column; min-height: 0 } .scroll { max-height: none; flex: 1; min-height: 0 } }
@media (min-width: 80rem) { .stage { grid-template-columns: 17rem minmax(20rem, 27rem) minmax(0, 1fr) } .sees { grid-column: 3; grid-row: 1 }
  .phones { position: sticky; top: 3.75rem; grid-template-columns: minmax(0, 1fr) } }
@media (prefers-reduced-motion: no-preference) { .row.new, .row mark { animation: arrive .6s ease-out } @keyframes arrive { from { background-color: var(--accent) } } }
`
