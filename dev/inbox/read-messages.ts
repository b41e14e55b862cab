import type { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Message } from './accept.ts'

/** A test waits for a message for this long in one request, and then asks again. */
const MAX_WAIT_SECONDS = 30

/**
 * The messages for a query, newest first.
 * - `to`: only those to this address or number.
 * - `after`: the id of a message; only newer ones.
 * - `limit`: at most so many.
 * - `waitSeconds`: if there is none, the answer waits so long for one.
 */
export async function readMessages(
  { messages, kept }: { messages: readonly Message[]; kept: EventEmitter },
  query: URLSearchParams,
  response: ServerResponse,
): Promise<Message[]> {
  const read = () => select(messages, query)
  const waitMs = Math.min(numberOf(query, 'waitSeconds') ?? 0, MAX_WAIT_SECONDS) * 1000
  const found = read()
  if (found.length > 0 || waitMs === 0) return found
  return new Promise((resolve) => {
    const look = () => {
      if (read().length > 0) finish()
    }
    const timer = setTimeout(finish, waitMs)
    function finish() {
      clearTimeout(timer)
      kept.off('message', look)
      resolve(read())
    }
    kept.on('message', look)
    response.once('close', finish)
  })
}

function select(messages: readonly Message[], query: URLSearchParams): Message[] {
  const [to, after, limit] = [query.get('to'), query.get('after'), numberOf(query, 'limit')]
  // An id that is not there, because someone deleted the messages, makes all of them newer.
  const known = after === null ? -1 : messages.findIndex(({ id }) => id === after)
  const newer = known < 0 ? messages : messages.slice(0, known)
  return newer.filter((one) => to === null || recipientsOf(one).includes(to)).slice(0, limit)
}

const recipientsOf = ({ recipients: { to, cc, bcc } }: Message): string[] => [...to, ...cc, ...bcc]

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  return text !== null && /^\d{1,4}$/.test(text) ? Number(text) : undefined
}
