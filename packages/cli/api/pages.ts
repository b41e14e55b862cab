import type { Option, Work } from '../command.ts'
import { usage } from '../exit.ts'
import type { Answer, Request } from './api.ts'

/** The longest page that the console gives. */
const LONGEST = 200
const USUAL = 50

export const PAGING: Readonly<Record<string, Option>> = {
  limit: { value: 'N', summary: `At most so many. ${USUAL} by default` },
  all: { summary: 'All of them' },
  cursor: { value: 'CURSOR', summary: 'Go on where a list stopped: its nextCursor in JSON' },
}

export type Paging = { limit: string | undefined; all: boolean; cursor: string | undefined }

/**
 * Reads pages until there are enough rows, and joins them to one answer of the same form.
 * @param list the member that holds the rows.
 */
export async function readPages<Body extends { nextCursor?: string }>(
  work: Work,
  path: string,
  list: keyof Body & string,
  { limit, all, cursor }: Paging,
  query: Request['query'] = {},
): Promise<Pick<Answer<Body>, 'body' | 'json'>> {
  const wanted = all ? Infinity : limit === undefined ? USUAL : rowsOf(limit)
  const api = await work.api()
  let next = cursor
  let joined: Pick<Answer<Body>, 'body' | 'json'> | undefined
  for (let left = wanted; ;) {
    const size = Math.min(left, LONGEST)
    const page = await api.get<Body>(path, { query: { ...query, limit: size, cursor: next } })
    joined = joined === undefined ? page : join(joined, page, list)
    left = wanted - (joined.body[list] as unknown[]).length
    // From the answer as it came: the console would not know a cursor that was made plain.
    next = (page.json as Body).nextCursor
    if (next === undefined || left <= 0) return joined
  }
}

/** The members of the later page, with the rows of both. */
function join<Body>(
  before: Pick<Answer<Body>, 'body' | 'json'>,
  page: Answer<Body>,
  list: keyof Body & string,
): Pick<Answer<Body>, 'body' | 'json'> {
  const both = (a: Body, b: Body): Body => ({
    ...b,
    [list]: [...(a[list] as unknown[]), ...(b[list] as unknown[])],
  })
  return { body: both(before.body, page.body), json: both(before.json as Body, page.json as Body) }
}

function rowsOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw usage(`--limit must be a whole number from 1 to 999999, not ${JSON.stringify(text)}.`)
}
