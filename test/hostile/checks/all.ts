import type { HostileRequest } from '../request.ts'
import type { Observed } from '../workers.ts'
import { undocumented } from './answer.ts'
import { unexpectedEffect } from './effect.ts'
import { insecure } from './headers.ts'
import { loggedInput } from './lines.ts'
import { injectedMarkup } from './markup.ts'

/** Everything that is wrong with an answer and with what came of the request. Nothing, if all is well. */
export async function complaintsAbout(sent: HostileRequest, observed: Observed): Promise<string[]> {
  return [
    ...undocumented(sent, observed),
    ...insecure(observed),
    ...unexpectedEffect(sent, observed),
    ...loggedInput(observed),
    ...(await injectedMarkup(observed)),
  ]
}
