#!/usr/bin/env node
/**
 * `node scripts/bootstrap.mjs [script [arguments...]]` runs `npm ci` when node_modules does not match
 * package-lock.json. Then it runs the script on the project's own Node, and ends with the script's exit
 * code. This file is plain JavaScript, since the machine's Node (20.19 or later) runs it before anything is
 * installed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Compares the installed packages with the locked ones. Both have the form of `packages` in
 * package-lock.json.
 * @returns {string | null} why an installation is needed, or null.
 */
export function whyInstall(locked, installed, { platform, arch } = process) {
  if (!installed) return 'no packages are installed yet'
  for (const [path, want] of Object.entries(locked)) {
    if (path === '') continue
    const have = installed[path]
    // npm does not install an optional package for another platform.
    if (!have && want.optional) continue
    if (!have) return `${path} is missing`
    // A workspace is listed twice: as a link, which has neither version nor integrity, and as its folder.
    if (want.link && have.resolved !== want.resolved) return `${path} links to another folder`
    if (have.version !== want.version || have.integrity !== want.integrity) {
      return `${path} is ${have.version}, but package-lock.json has ${want.version}`
    }
    if (have.os && !have.os.includes(platform)) return `${path} is for another operating system`
    if (have.cpu && !have.cpu.includes(arch)) return `${path} is for another processor`
  }
  const extra = Object.keys(installed).find((path) => !locked[path])
  return extra ? `${extra} is not in package-lock.json` : null
}

function packagesOf(file) {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

function install(root, why) {
  console.log(`npm ci: ${why}`)
  // npm_execpath is the npm that runs this script, if one does. Without it, `shell` finds npm.cmd on Windows.
  const npm = process.env.npm_execpath
  const { status, error } = npm
    ? spawnSync(process.execPath, [npm, 'ci'], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm ci', { cwd: root, stdio: 'inherit', shell: true })
  if (error) console.error(`npm ci did not start: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

export function runOnOwnNode(node, args) {
  // When this process ends, even by SIGKILL, its IPC channel closes, and the script notices.
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm passes a signal only to its shell, which is why package.json says `exec`. If npm itself is killed,
  // this process gets another parent.
  const parent = process.ppid
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 300).unref()
  child.on('error', (error) => {
    console.error(`The project's own Node did not start: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0))
  })
}

function main() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const node = join(root, 'node_modules', '.bin', 'node')
  const locked = packagesOf(join(root, 'package-lock.json'))
  if (!locked) {
    console.error('package-lock.json is missing or is not valid JSON. Restore it, then try again.')
    process.exit(1)
  }
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  const why = whyInstall(locked, installed) ?? (existsSync(node) ? null : 'Node is missing')
  if (why) install(root, why)
  if (process.argv.length > 2) runOnOwnNode(node, process.argv.slice(2))
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main()
