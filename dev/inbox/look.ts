import { LOOK } from '../look.ts'

export const STYLE = `${LOOK}
.shell { display: grid; gap: 0 1.25rem; grid-template-columns: minmax(0, 1fr) }
.shell > * { min-width: 0 }
.list { list-style: none; padding: 0; margin: 1rem 0; max-height: 15rem; overflow-y: auto }
.list a { display: block; padding: .5rem .75rem; border-radius: 10px; color: inherit; text-decoration: none; border: 1px solid transparent }
.list a:hover { background: var(--card) } .list [aria-current] { background: var(--card); border-color: var(--line) }
.list b, .list span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.message { display: grid; gap: 0 1.25rem; grid-template-columns: minmax(0, 1fr) } .message > * { min-width: 0 }
.phone { background: var(--card); border: 1px solid var(--line); border-radius: 28px; padding: .875rem; margin: 1rem auto; width: 100%; max-width: 25rem }
.from { display: grid; grid-template-columns: 2.5rem minmax(0, 1fr) auto; gap: 0 .75rem; align-items: center; padding: .25rem .25rem .75rem }
.from p { margin: 0; overflow-wrap: anywhere } .from .who { font-weight: 600 }
.face { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-weight: 700 }
.phone h2 { padding: 0 .25rem; font-size: 1.1875rem }
iframe { display: block; width: 100%; height: 32rem; border: 0; border-radius: 14px; background: Canvas }
.bubble pre { font: inherit }
.bubble { background: var(--tint); border-radius: 20px 20px 20px 6px; padding: .625rem .875rem; margin: .5rem 2rem 1rem 0 }
.code { font: 600 1.75rem ui-monospace, SFMono-Regular, Menlo, monospace; letter-spacing: .12em; margin: 0 }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .875rem; margin: .25rem 0 }
.row > code, .row > pre { flex: 1 1 12rem; min-width: 0; background: var(--paper); border-radius: 8px; padding: .5rem .625rem }
.qr { display: block; width: 100%; max-width: 15rem; height: auto; border-radius: 10px; border: 1px solid var(--line) }
.act { display: inline-flex; align-items: center; min-height: 2.25rem; padding: 0 .75rem; border: 1px solid var(--line); border-radius: 8px; font-size: .875rem; text-decoration: none; color: inherit }
.act:hover { background: var(--tint) }
.skip { position: absolute; left: -100vw } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .25rem .5rem }
#said { min-height: 1.5rem; margin: 0 }
@media (min-width: 48rem) { .message { grid-template-columns: 24rem minmax(0, 1fr) } .message .phone { position: sticky; top: 1rem; align-self: start } }
@media (min-width: 68rem) { body > header, main { max-width: 84rem }
  .shell { grid-template-columns: 17rem minmax(0, 1fr) } .list { max-height: none } }
`
