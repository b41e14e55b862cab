/**
 * How one variable is read. `parse` returns null for a value that breaks `rule`. An error only contains the rule,
 * never the value. A variable without `fallback` is required.
 */
export type Variable<T> = {
  parse: (given: unknown) => T | null
  rule: string
  fallback?: T | undefined
}

export type Parsed<Table> = {
  [Name in keyof Table]: Table[Name] extends {
    parse: (given: never) => infer T
    fallback: infer F
  }
    ? Exclude<T, null> | F
    : Table[Name] extends { parse: (given: never) => infer T }
      ? Exclude<T, null>
      : never
}

export const SEPARATED = ', separated by commas'

/** Whether an origin is on this machine, where plain http and example values are harmless. */
export const isLocal = ({ hostname }: URL): boolean =>
  /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)

export function fromText<T>(parse: (value: string) => T | null, rule: string) {
  return {
    parse: (given) => (typeof given === 'string' ? parse(given) : null),
    rule,
  } satisfies Variable<T>
}

export function origin() {
  return fromText(toOrigin, 'must be an https origin, such as https://auth.example.com')
}

export function url() {
  return fromText((value) => (URL.canParse(value) ? value : null), 'must be a URL')
}

export function text(pattern: RegExp, rule: string) {
  return fromText(only(pattern), rule)
}

export function only(pattern: RegExp) {
  return (value: string) => (pattern.test(value) ? value : null)
}

export function list(parse: (item: string) => string | null, what: string) {
  const read = (value: string): string[] | null => {
    const items = value.split(',').flatMap((item) => item.trim() || [])
    const parsed = items.flatMap((item) => parse(item) ?? [])
    return parsed.length === items.length ? parsed : null
  }
  return { ...fromText(read, `must list ${what}${SEPARATED}`), fallback: [] as string[] }
}

export function seconds(fallback: number, min: number, max: number) {
  const read = (value: string): number | null => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
    return number >= min && number <= max ? number : null
  }
  return {
    ...fromText(read, `must be a whole number of seconds from ${min} to ${max}`),
    fallback,
  }
}

export function json<T>(parse: (value: unknown) => T | null, what: string) {
  const read = (value: string): T | null => {
    try {
      return parse(JSON.parse(value))
    } catch {
      return null
    }
  }
  return fromText(read, `must be ${what}`)
}

/** A binding is known by its one function. */
export function bindingWith<Binding extends object>(name: keyof Binding & string, what: string) {
  const parse = (given: unknown): Binding | null =>
    typeof (given as Binding | null)?.[name] === 'function' ? (given as Binding) : null
  return { parse, rule: `must be ${what}`, fallback: undefined } satisfies Variable<Binding>
}

export function toWebOrigin(value: string): string | null {
  return URL.canParse(value) && new URL(value).origin === value && /^https?:/.test(value)
    ? value
    : null
}

function toOrigin(value: string): string | null {
  const parsed = URL.canParse(value) ? new URL(value) : null
  const secure = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLocal(parsed))
  return secure && parsed.origin === value.replace(/\/$/, '') ? parsed.origin : null
}

/** A URL that may get a token: https, or on this machine. */
export function toSecureUrl(value: string): string | null {
  const parsed = URL.canParse(value) ? new URL(value) : null
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLocal(parsed))
    ? value
    : null
}

/** Whether a text is a calendar day. 2026-02-30 is not, but would compare as later than every day of February. */
export function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
