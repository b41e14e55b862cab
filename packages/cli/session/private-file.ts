import { constants } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { EXIT, Failure } from '../exit.ts'

/** Read and write, for others than the owner. */
const OTHERS = 0o077
const OTHERS_WRITE = 0o022

/**
 * Reads a file that holds secrets. @returns null when there is none.
 * @throws Failure when another user of the machine may read it, or owns it: its secrets may be known, or be somebody else's.
 */
export async function readPrivate(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY).catch(nullWhenAbsent)
  if (file === null) return null
  try {
    const { mode, uid } = await file.stat()
    if (isForeign(uid) || (hasModes && (mode & OTHERS) !== 0)) {
      throw new Failure(
        EXIT.refused,
        `${path} can be read by other users of this machine. If nobody has read it, make it yours alone: chmod 600 '${path}'. Otherwise delete it, and sign in again.`,
      )
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Replaces the whole file or leaves it as it was, also when the process is killed: by a second file and a rename. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const made = await writeBeside(path, text)
  try {
    await rename(made, path)
  } catch (error) {
    await rm(made, { force: true })
    throw error
  }
}

/** Makes the file if there is none. Of two processes that do so at once, one wins. @returns what the file holds. */
export async function makePrivate(path: string, text: string): Promise<string> {
  const made = await writeBeside(path, text)
  try {
    await link(made, path)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await readPrivate(path)) ?? text
  } finally {
    await rm(made, { force: true })
  }
}

/** Deletes what a process that was killed between writing and renaming has left. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(nullWhenAbsent)) ?? []
  const left = names.filter((name) => name.endsWith(TEMPORARY))
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
}

const TEMPORARY = '.tmp'

async function writeBeside(path: string, text: string): Promise<string> {
  const folder = dirname(path)
  await makeFolder(folder)
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')
  const made = join(folder, `.${basename(path)}.${random}${TEMPORARY}`)
  const file = await open(made, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return made
}

/** @throws Failure when others may put files into the folder: they could give this person a session of their own. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { mode, uid } = await stat(folder)
  if (!isForeign(uid) && !(hasModes && (mode & OTHERS_WRITE) !== 0)) return
  throw new Failure(
    EXIT.refused,
    `Other users of this machine may change ${folder}. Make it yours alone: chmod 700 '${folder}'`,
  )
}

/** Windows protects a person's folder by other means. */
const hasModes = process.platform !== 'win32'
const isForeign = (uid: number): boolean => hasModes && uid !== process.getuid?.()

function nullWhenAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
