/** The look of the pages of development: the start page and the inbox. Light and dark, from 320 pixels on. */
export const LOOK = `
:root { color-scheme: light dark;
  --paper: light-dark(#f4f5f8, #101216); --card: light-dark(#fff, #1a1d23); --ink: light-dark(#171a21, #eceef2);
  --soft: light-dark(#565d6b, #a9b0bd); --line: light-dark(#dde0e7, #343a45);
  --accent: light-dark(#1f4fd8, #9db8ff); --tint: light-dark(#e8edfc, #232c45); --warn: light-dark(#fff4d6, #3a3115) }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
body > header, main, body > footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem }
body > header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; padding-top: 1.25rem; padding-bottom: .25rem }
body > header h1 { margin-right: auto }
h1 { font-size: 1.375rem; margin: 0 } h2 { font-size: 1.0625rem; margin: 0 0 .5rem } h3 { font-size: .9375rem; margin: 1rem 0 .25rem }
p { margin: .25rem 0 .75rem } ul { padding-left: 1.2rem; margin: .25rem 0 }
a { color: var(--accent) } a, h2, h3, p, dt, li { overflow-wrap: anywhere }
a:focus-visible, button:focus-visible, summary:focus-visible, iframe:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px }
code, pre, kbd { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875rem }
code { overflow-wrap: anywhere }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
button { font: inherit; font-size: .875rem; padding: .375rem .75rem; min-height: 2.25rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: var(--ink); cursor: pointer }
button:hover { background: var(--tint) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1rem 1.125rem; margin: 1rem 0; min-width: 0 }
.soft { color: var(--soft); font-size: .875rem }
.warn { background: var(--warn); border-radius: 8px; padding: .5rem .75rem; font-size: .9375rem }
`
