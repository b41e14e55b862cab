import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('browser/main.ts', import.meta.url))

/** The script of the page, with the real @latchkey/client in it. Built at each load: nobody pays for it before. */
export async function bundleScript(): Promise<string> {
  const { buildSync } = await import('esbuild')
  const { outputFiles } = buildSync({
    entryPoints: [ENTRY],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    write: false,
  })
  return outputFiles[0]!.text
}
