import type { AccessRequestRow } from '../../../model/access-request.ts'

/** The decision that was just made, as a query parameter of the page. */
export const DONE = ['approved', 'approvedWithoutLink', 'declined'] as const
export type Done = (typeof DONE)[number]

export type QueueAddress = {
  /** The page of the queue. */
  cursor?: string | undefined
  done?: Done | undefined
  /** The address that the page is about. Without `done`, the page shows its request. */
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

/** The page of the queue that has one request, scrolled to it. The request's id is the id of its element. */
export const cardPath = ({ email, tokenId }: Pick<AccessRequestRow, 'email' | 'tokenId'>): string =>
  `${queuePath({ who: email })}#${tokenId}`

export const requestPath = (email: string, action: 'approve' | 'decline'): string =>
  `/requests/${encodeURIComponent(email)}/${action}`
