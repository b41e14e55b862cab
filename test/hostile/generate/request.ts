import * as fc from 'fast-check'
import { compose, escaped, pathText, type Pair } from '../compose.ts'
import { ENDPOINTS, type Endpoint } from '../endpoints.ts'
import { CALLERS } from '../people.ts'
import { HEADERS, POSITIONS } from '../positions.ts'
import type { HostileRequest } from '../request.ts'
import { bodyFor } from './body.ts'
import { hostileText } from './values.ts'

/** What happens to a path: other spellings, that some servers take for the same. */
const spoilPath = fc.oneof(
  { weight: 14, arbitrary: fc.constant((path: string) => path) },
  fc.constantFrom<((path: string) => string)[]>(
    (path) => `${path}/`,
    (path) => `/${path}`,
    (path) => path.replace(/\/(?=[^/]*$)/, '//'),
    (path) => path.replace(/\/(?=[^/]*$)/, '/./'),
    (path) => path.replace(/\/(?=[^/]*$)/, '/x/../'),
    (path) => path.replace(/\/(?=[^/]*$)/, '%2f'),
    (path) => path.replace(/\/(?=[^/]*$)/, '%5c'),
    (path) => path.toUpperCase(),
    (path) =>
      path.replace(/[a-z](?=[^a-z]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (path) => `${path}%00`,
    (path) => `${path};x=y`,
    (path) => `${path}.json`,
    (path) => `${path}%20`,
    (path) => `${path}#x`,
    (path) => `${path}\\`,
    (path) => path.slice(0, -1),
  ),
)

function requestTo(endpoint: Endpoint): fc.Arbitrary<HostileRequest> {
  const { worker, method, template, path, query } = endpoint
  const inPath = fc.record(
    Object.fromEntries(
      Object.entries(path).map(([name, right]) => [
        name,
        fc.oneof(
          { weight: 2, arbitrary: fc.constant(escaped(right)) },
          { weight: 2, arbitrary: hostileText.map(escaped) },
          // As it is: broken escapes, slashes.
          { weight: 1, arbitrary: hostileText.map((text) => text.toWellFormed()) },
        ),
      ]),
    ),
  )
  const asked = Object.entries(query)
  const name = fc.oneof(
    ...(asked.length === 0 ? [] : [fc.constantFrom(...asked.map(([one]) => one))]),
    { weight: 1, arbitrary: hostileText },
  )
  const pair = fc.oneof(
    ...(asked.length === 0 ? [] : [fc.constantFrom<Pair[]>(...asked)]),
    fc.tuple(name, hostileText),
  )
  return fc
    .record({
      caller: fc.constantFrom(...Object.keys(CALLERS[worker])),
      method: fc.oneof(
        { weight: 14, arbitrary: fc.constant(method) },
        fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'),
      ),
      inPath,
      spoil: spoilPath,
      query: fc.array(pair, { maxLength: 3 }),
      headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS, ...endpoint.headers), hostileText), {
        maxLength: 2,
      }),
      content: bodyFor(endpoint),
    })
    .map(({ caller, inPath: values, spoil, content, ...parts }) =>
      compose(endpoint, caller, {
        ...parts,
        ...content,
        path: spoil(pathText(template, values as Record<string, string>)),
      }),
    )
}

/** Right but for a hostile text in one place. */
const wrongInOnePlace: fc.Arbitrary<HostileRequest> = fc
  .tuple(fc.constantFrom(...POSITIONS), fc.nat(), hostileText)
  .map(([{ endpoint, put }, who, text]) => {
    const callers = Object.keys(CALLERS[endpoint.worker])
    return put(callers[who % callers.length]!, text)
  })

/** Any request to any route of both Workers. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 1, arbitrary: wrongInOnePlace },
  { weight: 2, arbitrary: fc.oneof(...ENDPOINTS.map(requestTo)) },
)
