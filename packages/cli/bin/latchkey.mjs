#!/usr/bin/env node
/**
 * Starts the command line. The published package has it built, as one file. In the repository it is not built, and its
 * TypeScript runs on the Node that the project installs, since the machine's Node may be older (20.19).
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = new URL('../main.ts', import.meta.url)

if (!existsSync(source)) await import('../dist/latchkey.js')
else if (process.features.typescript) await import(source.href)
else {
  const { runOnOwnNode } = await import('../../../scripts/bootstrap.mjs')
  const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
  runOnOwnNode(node, [fileURLToPath(source), ...process.argv.slice(2)])
}
