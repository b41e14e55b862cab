import type { Item, Value } from '../../../src/dynamo/items.ts'
import type { Rows } from '../wire.ts'
import { byId, el } from './dom.ts'

type Shown = { key: string; kind: string; attributes: Map<string, Value> }

/** The attributes that tell most stand first. */
const FIRST = [
  'used',
  'usedAt',
  'deviceId',
  'attempts',
  'generation',
  'revokedAt',
  'revokedBy',
  'revokedReason',
  'sessionJWT',
  'action',
  'by',
  'reason',
  'linksNotBefore',
  'sessionsNotBefore',
  'keepSessionId',
]
const SECONDS = new Set([
  'createdAt',
  'expiresAt',
  'usedAt',
  'approvedAt',
  'revokedAt',
  'metadata.lastUsedAt',
])
const MILLISECONDS =
  /^(?:openedAtMs|changedAtMs|linksNotBefore|sessionsNotBefore|sentAt\d|codeTriedAt\d|devices\..+)$/
const LONGEST = 30
/** How much of a longer value is shown. */
const SHORT = 14

/** Shows the rows of both tables. What has changed since the rows before is marked. */
export function tablesView(): (rows: Rows) => void {
  const approvals = byId('approvals')
  const tokens = byId('tokens')
  let before = new Map<string, Shown>()
  let text = ''
  return (rows) => {
    const now = JSON.stringify(rows)
    if (now === text) return
    text = now
    const shown = listOf(rows)
    const known = before
    const isKnownPerson = shown.some(({ key }) => known.has(key))
    const sections = (which: (one: Shown) => boolean) =>
      shown.filter(which).map((one) => section(one, known.get(one.key), isKnownPerson))
    fill(approvals, sections(isApproval), 'No approval of this person')
    fill(
      tokens,
      sections((one) => !isApproval(one)),
      'No row of this person yet',
    )
    before = new Map(shown.map((one) => [one.key, one]))
  }
}

const isApproval = ({ kind }: Shown): boolean => kind === 'approval'

function fill(place: HTMLElement, sections: HTMLElement[], empty: string): void {
  place.replaceChildren(...(sections.length > 0 ? sections : [el('p', { class: 'soft' }, empty)]))
}

function listOf({ approval, address, links, sessions, audits }: Rows): Shown[] {
  const newestFirst = (items: Item[]) =>
    items.toSorted((a, b) => Number(b['createdAt']) - Number(a['createdAt']))
  const shown = (kind: string, item: Item, keyName = 'tokenId'): Shown => {
    const { [keyName]: key, tokenType: _, ...rest } = item
    return { key: String(key), kind, attributes: new Map(ordered(flat(rest))) }
  }
  return [
    ...(approval === null ? [] : [shown('approval', approval, 'email')]),
    ...newestFirst(sessions).map((item) => shown('session', item)),
    ...newestFirst(links).map((item) => shown('link', item)),
    ...(address === null ? [] : [shown('address', address)]),
    ...audits
      .toSorted((a, b) => Number(b['changedAtMs']) - Number(a['changedAtMs']))
      .map((item) => shown('audit', item)),
  ]
}

/** The attributes of a map become attributes with a dot in their name. */
const flat = (item: Item, prefix = ''): [string, Value][] =>
  Object.entries(item).flatMap(([name, value]) => {
    if (value === undefined) return []
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isMap ? flat(value as Item, `${prefix}${name}.`) : [[prefix + name, value]]
  })

function ordered(attributes: [string, Value][]): [string, Value][] {
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return attributes.toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
}

function section(row: Shown, old: Shown | undefined, isKnownPerson: boolean): HTMLElement {
  const { key, kind, attributes } = row
  const isNew = old === undefined && isKnownPerson
  const changed = (name: string, value: Value): boolean =>
    old !== undefined && JSON.stringify(old.attributes.get(name)) !== JSON.stringify(value)
  const lines = [...attributes].map(([name, value]) => {
    const said = readable(name, value)
    return el(
      'div',
      { class: changed(name, value) ? 'changed' : '' },
      el('dt', {}, name),
      el('dd', {}, changed(name, value) ? el('mark', {}, said) : said),
    )
  })
  const gone = [...(old?.attributes.keys() ?? [])].filter((name) => !attributes.has(name))
  const removed = gone.map((name) =>
    el('div', { class: 'changed' }, el('dt', {}, name), el('dd', {}, el('mark', {}, 'removed'))),
  )
  return el(
    'article',
    { class: isNew ? 'row new' : 'row', 'data-kind': kind },
    el(
      'h4',
      {},
      el('span', { class: `kind ${kind}` }, kind),
      el('code', {}, key),
      isNew ? el('span', { class: 'chip' }, 'new') : null,
    ),
    el('dl', {}, ...removed, ...lines),
  )
}

function readable(name: string, value: Value): string {
  if (typeof value === 'number') {
    const ms = SECONDS.has(name) ? value * 1000 : MILLISECONDS.test(name) ? value : undefined
    return ms === undefined ? String(value) : `${value} · ${moment(ms)}`
  }
  if (typeof value !== 'string') return JSON.stringify(value)
  const isShort = value.length <= LONGEST
  const shown = isShort ? value : `${value.slice(0, SHORT)}… (${value.length})`
  return name === 'sessionJWT' ? `sealed ${shown}` : shown
}

/** The time of today, with the date when it is another day. */
function moment(ms: number): string {
  const date = new Date(ms)
  const time = date.toLocaleTimeString('en-GB')
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday ? time : `${date.toLocaleDateString('en-GB')} ${time}`
}
