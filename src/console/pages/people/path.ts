export const PEOPLE = '/people'

export const personPath = (email: string, more = ''): string =>
  `${PEOPLE}/${encodeURIComponent(email)}${more}`

/** The confirmation page before emails are sent again. */
export const allowMailPath = (email: string): string => personPath(email, '/allow-mail')

/** The confirmation page for one session. */
export const endSessionPath = (email: string, sessionId: string): string =>
  personPath(email, `/sessions/${sessionId}/end`)
