export const PEOPLE = '/people'

export const personPath = (email: string, more = ''): string =>
  `${PEOPLE}/${encodeURIComponent(email)}${more}`

/** Asks before emails are sent again. */
export const allowMailPath = (email: string): string => personPath(email, '/allow-mail')

/** Asks before one session ends. */
export const endSessionPath = (email: string, sessionId: string): string =>
  personPath(email, `/sessions/${sessionId}/end`)
