import { EXIT, Failure, type Exit } from '../exit.ts'

/** RFC 9457, or RFC 6749 section 5.2 of the token endpoint. */
type Body = {
  type?: string
  title?: string
  detail?: string
  errors?: { pointer?: string; detail?: string }[]
  error?: string
  error_description?: string
}

/** An error response of the console. `code` is the last part of its `type`: `changed_meanwhile`. */
export class Refusal extends Failure {
  readonly status: number
  readonly code: string
  readonly headers: Headers

  constructor({ status, headers }: Response, text: string) {
    const body = parse(text)
    const code = body.error ?? /^urn:latchkey:problem:(\w+)$/.exec(body.type ?? '')?.[1] ?? ''
    super(exitOf(status, code), messageOf(status, headers, body))
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

function exitOf(status: number, code: string): Exit {
  if (status === 429 || status >= 500) return EXIT.unavailable
  if (code === 'invalid_client') return EXIT.signIn
  const known: Record<number, Exit> = {
    400: EXIT.usage,
    401: EXIT.signIn,
    404: EXIT.notFound,
    409: EXIT.conflict,
    412: EXIT.conflict,
  }
  return known[status] ?? EXIT.refused
}

/** Members of the API and the arguments that set them. Others have the member's name. */
const ARGUMENTS: Record<string, string> = {
  email: 'ADDRESS',
  expiresAt: '--until',
  phoneNumber: '--phone',
  q: 'WORDS',
}

function messageOf(status: number, headers: Headers, body: Body): string {
  const errors = body.errors ?? []
  if (errors.length > 0) {
    return errors
      .map(({ pointer = '', detail = 'is not valid' }) => {
        // A detail that is a whole sentence already names its subject.
        if (/^[A-Z]/.test(detail)) return detail
        const member = pointer.replace(/^#\//, '')
        return `${ARGUMENTS[member] ?? `--${member}`} ${detail}.`
      })
      .join('\n')
  }
  const said = body.detail ?? body.error_description ?? body.title
  const sentence = said === undefined ? `The console responded with ${status}.` : sentenceOf(said)
  const waitSeconds = Number(headers.get('Retry-After'))
  return waitSeconds > 0 ? `${sentence} Try again in ${waitSeconds} seconds.` : sentence
}

const sentenceOf = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

function parse(text: string): Body {
  try {
    return Object(JSON.parse(text)) as Body
  } catch {
    return {}
  }
}
