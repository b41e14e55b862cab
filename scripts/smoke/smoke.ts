/**
 * Tests a deployment from outside: `npm run smoke -- https://auth.example.com`. It needs no keys, and changes nothing
 * unless it is told to ask or to sign in.
 */
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { MARKS } from '../doctor/finding.ts'
import { examineDeployment, type Wishes } from './examine.ts'

const HELP = `npm run smoke -- ORIGIN [--console ORIGIN] [--ask EMAIL | --sign-in EMAIL] [--json]

  ORIGIN            the public Worker, such as https://auth.example.com (the value of ISSUER)
  --console ORIGIN  also tests the console
  --ask EMAIL       also asks for a link: if the address is approved, it gets a message
  --sign-in EMAIL   also signs in with the code that you type, refreshes, and signs out. This
                    leaves an ended session
  --json            prints {"ok": …, "findings": [{level, about, text}, …]}

Exit code: 0 if there is no error, 1 if there is one, 2 if the command is wrong.`

type Flags = Wishes & { json: boolean }
class Usage extends Error {}

function readArguments(): { origin: string; flags: Flags } | null {
  const { values, positionals } = parse()
  if (values.help) return null
  const [origin, ...more] = positionals.map(originOf)
  if (origin === undefined || more.length > 0)
    throw new Usage('Name the origin of one public Worker.')
  if (values.ask && values['sign-in']) throw new Usage('Use --ask or --sign-in, not both.')
  return {
    origin,
    flags: {
      ...(values.console ? { console: originOf(values.console) } : {}),
      ...(values.ask ? { ask: values.ask } : {}),
      ...(values['sign-in'] ? { signIn: values['sign-in'] } : {}),
      json: values.json,
    },
  }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        console: { type: 'string' },
        ask: { type: 'string' },
        'sign-in': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Usage((error as Error).message)
  }
}

function originOf(text: string): string {
  const url = URL.parse(text)
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    !['', '/'].includes(url.pathname + url.search)
  ) {
    throw new Usage(`${text} is not an origin such as https://auth.example.com`)
  }
  return url.origin
}

/** Asks on standard error, so that --json prints only JSON. */
async function readCode(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question('Type the code from the email: ')
  } finally {
    terminal.close()
  }
}

try {
  const given = readArguments()
  if (given === null) console.log(HELP)
  else {
    const findings = await examineDeployment(given.origin, given.flags, readCode)
    const ok = findings.every(({ level }) => level !== 'error')
    if (given.flags.json) console.log(JSON.stringify({ ok, findings }, null, 2))
    else
      for (const { level, about, text } of findings)
        console.log(`${MARKS[level]} ${about}: ${text}`)
    process.exitCode = ok ? 0 : 1
  }
} catch (error) {
  if (!(error instanceof Usage)) throw error
  console.error(`${error.message}\n\n${HELP}`)
  process.exitCode = 2
}
