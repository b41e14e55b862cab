const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 }

export type Style = keyof typeof CODES
/** Gives a text a style, or leaves it as it is: without one, for what is no terminal, and with NO_COLOR. */
export type Paint = (style: Style | undefined, text: string) => string

export const createPaint = (isTerminal: boolean, env: NodeJS.ProcessEnv): Paint =>
  isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
    ? (style, text) =>
        style === undefined || text === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`
    : (_, text) => text
