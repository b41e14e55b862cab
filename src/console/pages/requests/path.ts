/** What was just decided, as the query of the page says it. */
export const DONE = ['approved', 'approvedWithoutLink', 'declined'] as const
export type Done = (typeof DONE)[number]

export type QueueAddress = {
  /** The page of the queue. */
  cursor?: string | undefined
  done?: Done | undefined
  /** About whom. */
  who?: string | undefined
}

export function queuePath({ cursor, done, who }: QueueAddress = {}): string {
  const query = new URLSearchParams({
    ...(cursor === undefined ? {} : { cursor }),
    ...(done === undefined ? {} : { done }),
    ...(who === undefined ? {} : { who }),
  })
  return query.size === 0 ? '/requests' : `/requests?${query.toString()}`
}

export const requestPath = (email: string, action: 'approve' | 'decline'): string =>
  `/requests/${encodeURIComponent(email)}/${action}`
