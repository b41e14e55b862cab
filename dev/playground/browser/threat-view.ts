import type { Setup } from '../wire.ts'
import { byId, el } from './dom.ts'
import type { Check, Threat } from './threat.ts'
import { GROUPS } from './threats/threats.ts'

export type Verdict = 'running' | 'kept' | 'broken'
const SAYS: Record<Verdict, string> = { running: 'Playing…', kept: 'Kept', broken: 'Broken' }

/** Lists the threats with their buttons. */
export function listThreats(setup: Setup, press: (threat: Threat) => void): void {
  const groups = GROUPS.map(({ title, threats }) =>
    el('section', {}, el('h2', {}, title), ...threats.map((one) => card(one, setup, press))),
  )
  byId('threats').replaceChildren(...groups)
}

function card(threat: Threat, setup: Setup, press: (threat: Threat) => void): HTMLElement {
  const { id, button, what, promises } = threat
  const links = promises.flatMap((name, n) => [n > 0 ? ' ' : '', promiseLink(name)])
  return el(
    'article',
    { class: 'threat', id: `threat-${id}` },
    el(
      'div',
      { class: 'head' },
      el('button', { type: 'button', onclick: () => press(threat) }, button),
      el('span', { class: 'verdict' }),
    ),
    el('p', {}, what, ' ', el('span', { class: 'links' }, ...links)),
    el(
      'div',
      { class: 'result', hidden: true },
      ...promises.map((name) =>
        el('p', { class: 'promise' }, el('b', {}, name), ` ${setup.promises[name] ?? ''}.`),
      ),
      el('ul', { class: 'checks' }),
    ),
  )
}

/** The inbox serves the document as text, and the browser scrolls to the row. */
const promiseLink = (name: string): HTMLElement =>
  el(
    'a',
    { href: `/files/docs/threats.md#:~:text=${name}%20%7C`, title: `${name} in docs/threats.md` },
    name,
  )

/** Shows how it went, in the card of the threat. */
export function showVerdict({ id }: Threat, verdict: Verdict, checks: Check[] = []): void {
  const place = byId(`threat-${id}`)
  place.dataset['verdict'] = verdict
  place.querySelector('.verdict')!.textContent = SAYS[verdict]
  place.querySelector<HTMLElement>('.result')!.hidden = verdict === 'running'
  const items = checks.map(({ expected, happened, ok }) =>
    el(
      'li',
      { class: ok ? 'good' : 'bad' },
      el('span', { class: 'mark', 'aria-hidden': 'true' }),
      el(
        'div',
        {},
        el('span', { class: 'hidden' }, ok ? 'As expected: ' : 'Not as expected: '),
        el('span', {}, expected),
        el('br'),
        el('span', { class: 'soft' }, happened),
      ),
    ),
  )
  place.querySelector('.checks')!.replaceChildren(...items)
}
