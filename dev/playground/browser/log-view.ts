import type { Entry, SeenCall } from '../wire.ts'
import { byId, el } from './dom.ts'

/** Shows the requests, the newest first, with the calls that each of them made to DynamoDB. */
export function logView(): (entries: Entry[]) => void {
  const place = byId('log')
  let text = ''
  return (entries) => {
    const now = JSON.stringify(entries)
    if (now === text) return
    text = now
    const items = entries.map(item)
    place.replaceChildren(
      ...(items.length > 0 ? items : [el('li', { class: 'soft' }, 'No request yet')]),
    )
  }
}

function item(entry: Entry): HTMLElement {
  const { who, method, path, statuses, lost, reason, count, roundTrips, calls, ms } = entry
  const status = Object.entries(statuses).map(([code, times]) =>
    el('span', { class: `status s${code[0]}` }, count === 1 ? code : `${times} × ${code}`),
  )
  const cost =
    count === 1
      ? `${plural(roundTrips, 'round trip')}, ${plural(calls.length, 'call')}, ${ms} ms`
      : `${plural(calls.length, 'call')}, ${ms} ms`
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'line' },
      el('span', { class: 'chip' }, who),
      el('code', {}, `${method} ${path}`),
      ...status,
      reason === undefined ? null : el('span', { class: 'soft' }, reason),
      lost ? el('span', { class: 'chip lost' }, 'answer lost') : null,
      el('span', { class: 'soft cost' }, cost),
    ),
    callsLine('', calls),
    callsLine('after the answer: ', entry.callsAfter),
  )
}

function callsLine(prefix: string, calls: SeenCall[]): HTMLElement | null {
  if (calls.length === 0) return null
  const counted = new Map<string, { call: SeenCall; times: number }>()
  for (const call of calls) {
    const name = `${call.operation} ${call.fault ?? ''}`
    counted.set(name, { call, times: (counted.get(name)?.times ?? 0) + 1 })
  }
  const parts = [...counted.values()].map(({ call: { operation, fault }, times }) =>
    el(
      'span',
      { class: fault ? 'call fault' : 'call' },
      `${times > 1 ? `${times} × ` : ''}${operation}${fault ? `: ${fault}` : ''}`,
    ),
  )
  return el('div', { class: 'calls' }, prefix, ...parts)
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
