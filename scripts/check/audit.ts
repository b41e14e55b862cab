import { spawnSync } from 'node:child_process'
import { Plain, run } from '../fail.ts'

type Audit = {
  error?: unknown
  metadata?: { vulnerabilities?: Record<string, number> }
  vulnerabilities?: Record<string, { severity: string }>
}

/** Fails on a known vulnerability in a production dependency. Skipped if the registry does not respond. */
await run(() => {
  const flags = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000']
  const { stdout } = spawnSync('npm', flags, { encoding: 'utf8', timeout: 60_000 })
  const audit = parseAudit(stdout)
  if (!audit?.metadata?.vulnerabilities) {
    console.log('skipped: the registry did not respond')
    return
  }
  const found = Object.entries(audit.vulnerabilities ?? {})
  if (found.length > 0) {
    throw new Plain(found.map(([name, { severity }]) => `${name}: ${severity}`).join('\n'))
  }
  console.log('no known vulnerabilities in production dependencies')
})

function parseAudit(text: string | null): Audit | null {
  try {
    return JSON.parse(text ?? '') as Audit
  } catch {
    return null
  }
}
