import { Instrumenter } from '@stryker-mutator/instrumenter'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, symlinkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isMutated } from './folders.ts'

/** One change that Stryker makes to a source file. */
export type Mutant = {
  /** Stryker's number of it, which the instrumented code compares with the active mutant. It changes from run to run. */
  id: string
  /** Names the mutant as long as the code around it stays the same: file, mutator, both texts, and their count. */
  key: string
  file: string
  line: number
  column: number
  mutator: string
  original: string
  replacement: string
  /** SHA-256 of the whole source file: a result is only valid for the file that it was measured on. */
  fileHash: string
}

const quiet = {
  isDebugEnabled: () => false,
  debug() {},
  info() {},
  warn: console.warn,
  error: console.error,
}

/** The text of an internal error is for the log and its reader. A test that held it would hold words. */
const errorTexts = {
  shouldIgnore(path: {
    isStringLiteral(): boolean
    isTemplateLiteral(): boolean
    parentPath: unknown
  }): string | undefined {
    const parent = (
      path.parentPath as { node: { type: string; callee?: { name?: string } } } | null
    )?.node
    const isText = path.isStringLiteral() || path.isTemplateLiteral()
    const inError = parent?.type === 'NewExpression' && parent.callee?.name?.endsWith('Error')
    return isText && inError ? 'text of an internal error' : undefined
  },
}

/** Copies the tree that Git knows to `tree`, with all mutants in its sources. @returns the mutants. */
export async function instrument(tree: string): Promise<Mutant[]> {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    encoding: 'utf8',
  })
  const files = listed.trim().split('\n')
  rmSync(tree, { recursive: true, force: true })
  for (const file of files) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    cpSync(file, join(tree, file))
  }
  symlinkSync(resolve('node_modules'), join(tree, 'node_modules'))
  const sources = files
    .filter((file) => isMutated(file))
    .map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }))
  const contents = new Map(sources.map(({ name, content }) => [name, content]))
  const result = await new Instrumenter(quiet as never).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [errorTexts],
  })
  for (const { name, content } of result.files) writeFileSync(join(tree, name), content)
  const seen = new Map<string, number>()
  return result.mutants
    .filter(({ statusReason }) => statusReason === undefined)
    .map(({ id, fileName, mutatorName, replacement, location }) => {
      const content = contents.get(fileName)!
      const original = textBetween(content, location)
      const name = [fileName, mutatorName, original, replacement].join('\u0000')
      const count = seen.get(name) ?? 0
      seen.set(name, count + 1)
      return {
        id,
        key: sha256(`${name}\u0000${count}`).slice(0, 12),
        file: fileName,
        line: location.start.line + 1,
        column: location.start.column + 1,
        mutator: mutatorName,
        original,
        replacement,
        fileHash: sha256(content).slice(0, 16),
      }
    })
}

type Location = Record<'start' | 'end', { line: number; column: number }>

function textBetween(content: string, { start, end }: Location): string {
  const lines = content.split('\n').slice(start.line, end.line + 1)
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column)
  lines[0] = lines[0]!.slice(start.column)
  return lines.join('\n')
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
