import { readdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { usage } from '../exit.ts'
import type { Machine } from '../terminal/shell.ts'
import { readPrivate } from './private-file.ts'

/** A console, and the folder that holds what belongs to it. One folder for each origin. */
export type Place = { console: string; folder: string }

const LOCAL = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/**
 * The console that a command is for: --console, LATCHKEY_CONSOLE, or the only one that somebody has signed in to here.
 * @throws Failure when that does not say which.
 */
export async function findPlace(machine: Machine, option: string | undefined): Promise<Place> {
  const root = rootOf(machine)
  const given = option ?? machine.env['LATCHKEY_CONSOLE']
  if (given !== undefined && given !== '') {
    return placeOf(root, originOf(given, option === undefined ? 'LATCHKEY_CONSOLE' : '--console'))
  }
  const known = await knownConsoles(root)
  if (known.length === 1) return placeOf(root, known[0]!)
  if (known.length === 0) {
    throw usage('Which console? Give --console https://console.example.com, or LATCHKEY_CONSOLE.')
  }
  throw usage(`Which console? Give --console, or LATCHKEY_CONSOLE: ${known.join(', ')}`)
}

/** @throws Failure for what is no origin, and for plain HTTP to another machine: tokens would go in the clear. */
export function originOf(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && text.length < 300
  if (!isOrigin || url.pathname !== '/' || url.search || url.hash || url.username || url.password) {
    // It may contain a password, so the message does not repeat it.
    throw usage(`${name} must be an address such as https://console.example.com, and nothing more.`)
  }
  if (url.protocol === 'http:' && !LOCAL.test(url.hostname)) {
    throw usage(`${name} must begin with https, since the session's tokens are sent there.`)
  }
  return url.origin
}

function rootOf({ env, home }: Machine): string {
  const given = env['XDG_CONFIG_HOME']
  // The XDG Base Directory Specification: a relative path is to be ignored.
  const base = given !== undefined && isAbsolute(given) ? given : join(home, '.config')
  return join(base, 'latchkey')
}

/** `https_console.example.com`, `http_127.0.0.1%3A8789`. */
function placeOf(root: string, console: string): Place {
  const { protocol, host } = new URL(console)
  return { console, folder: join(root, `${protocol.slice(0, -1)}_${encodeURIComponent(host)}`) }
}

async function knownConsoles(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => [] as string[])
  const known = names.map(async (name) => (await readConsole(join(root, name)))?.console)
  return (await Promise.all(known)).filter((console) => console !== undefined)
}

/** Whose session the folder holds: the console, and the issuer that it named when the person signed in. */
export type ConsoleRecord = { console: string; issuer: string }

export const consoleFile = (folder: string): string => join(folder, 'console.json')

export async function readConsole(folder: string): Promise<ConsoleRecord | null> {
  const text = await readPrivate(consoleFile(folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return null
    throw error
  })
  try {
    const { console, issuer } = JSON.parse(text ?? '') as Partial<ConsoleRecord>
    return typeof console === 'string' && typeof issuer === 'string' ? { console, issuer } : null
  } catch {
    return null
  }
}
