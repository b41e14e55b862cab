/**
 * Prints a software bill of materials (CycloneDX) of what is deployed and published: `npm run sbom`. It is that of `npm
 * sbom` without the development dependencies. `npm sbom --omit=dev` of npm 11 also leaves out a production dependency
 * if a development dependency has another version of it.
 */
import { spawnSync } from 'node:child_process'
import { Plain, run } from '../fail.ts'

type Component = {
  'bom-ref': string
  name: string
  version: string
  scope?: string
  properties?: { name: string; value: string }[]
}
export type Sbom = {
  bomFormat: string
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

const isForDevelopment = ({ properties = [] }: Component): boolean =>
  properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')

/** @throws Plain if npm prints no SBOM. */
export function productionSbom(): Sbom {
  const flags = [
    'sbom',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
    '--package-lock-only',
  ]
  const { stdout, stderr } = spawnSync('npm', flags, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (!stdout.startsWith('{')) throw new Plain(stderr.trim())
  const all = JSON.parse(stdout) as Sbom
  // npm names the folder.
  all.metadata.component.name = 'latchkey'
  const components = all.components.filter((one) => !isForDevelopment(one))
  const kept = new Set([all.metadata.component, ...components].map((one) => one['bom-ref']))
  const dependencies = all.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((one) => kept.has(one)),
    }))
  return { ...all, components, dependencies }
}

if (import.meta.main) {
  await run(() => console.log(JSON.stringify(productionSbom(), null, 2)))
}
