export const PEOPLE = '/people'

export const personPath = (email: string, more = ''): string =>
  `${PEOPLE}/${encodeURIComponent(email)}${more}`

/** The confirmation page for one session. */
export const endSessionPath = (email: string, sessionId: string): string =>
  personPath(email, `/sessions/${sessionId}/end`)
