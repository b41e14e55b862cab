import type { ClientContext } from './context.ts'
import { LatchkeyError } from './error.ts'
import { callIssuer } from './fetch.ts'
import { retry } from './retry.ts'
import { takeSession } from './sign-out.ts'

type Row = Record<string, unknown>

/** Everything that the server stores about the person. Its docs name the members of the rows. */
export type AccountExport = {
  /** Unix seconds by the server's clock. */
  now: number
  user: { id: string; email: string }
  approval: Row | null
  address: Row
  sessions: Row[]
  links: Row[]
  requests: Row[]
  changes: Row[]
}

type Page = AccountExport & { nextCursor?: string }

/**
 * Deletes the account at the server, and then the session from this device. A repeat after a lost response gets a
 * confirmation too, so only a confirmation counts: a session can also end for another reason.
 * @throws LatchkeyError `sign_in_again` if the sign-in is older than five minutes. Nothing is deleted then.
 *   `signed_out` if the session has ended and nothing says whether the account was deleted.
 */
export async function deleteAccount(ctx: ClientContext): Promise<void> {
  await retry(ctx, () => callIssuer(ctx, '/v1/account', 'DELETE'))
  await takeSession(ctx)
}

/** Reads all pages of the export. @throws LatchkeyError. */
export async function exportAccount(ctx: ClientContext): Promise<AccountExport> {
  const first = await readPage(ctx)
  let { nextCursor, ...whole } = first
  while (nextCursor !== undefined) {
    const page = await readPage(ctx, nextCursor)
    for (const list of ['sessions', 'links', 'requests', 'changes'] as const) {
      whole = { ...whole, [list]: [...whole[list], ...page[list]] }
    }
    nextCursor = page.nextCursor
  }
  return whole
}

async function readPage(ctx: ClientContext, cursor?: string): Promise<Page> {
  const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`
  const page = await retry(ctx, () => callIssuer(ctx, `/v1/account/export${query}`, 'GET'))
  if (page['user'] && page['sessions']) return page as Page
  throw new LatchkeyError('unavailable', { detail: 'the issuer did not give this answer' })
}
