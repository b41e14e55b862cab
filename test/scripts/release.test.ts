import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { changesOf, releaseChangelog } from '../../scripts/release/changelog.ts'
import { productionSbom } from '../../scripts/release/sbom.ts'
import { lockWithVersion, PACKAGES, PLACES, withVersion } from '../../scripts/release/versions.ts'

const read = (file: string) => readFileSync(file, 'utf8')
type Manifest = {
  version: string
  private?: boolean
  dependencies?: Record<string, string>
  publishConfig?: { access?: string }
  files?: string[]
}
const manifestOf = (folder: string) => JSON.parse(read(`${folder}/package.json`)) as Manifest
const { version, dependencies = {} } = manifestOf('.')

/** These say which past version they mean, or are generated, or are tests. */
const MAY_NAME_A_VERSION =
  /^(?:CHANGELOG\.md|docs\/data\.md|package-lock\.json|(?:public|public-console)\/|openapi.*\.json|test\/|scripts\/expo\/types\/)/

describe('works', () => {
  it('knows every file that names the current version', () => {
    const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')
    const naming = tracked.filter(
      (file) => !MAY_NAME_A_VERSION.test(file) && existsSync(file) && read(file).includes(version),
    )
    // RELEASING.md and the scripts use the next one as an example.
    expect(naming.toSorted()).toEqual(Object.keys(PLACES).toSorted())
  })

  it('writes a version into each of them, and nothing else', () => {
    for (const file of Object.keys(PLACES)) {
      const changed = withVersion(file, read(file), version, '9.8.7')
      expect(changed, file).toContain('9.8.7')
      expect(withVersion(file, changed, '9.8.7', version)).toBe(read(file))
    }
    const lock = lockWithVersion(read('package-lock.json'), version, '9.8.7')
    expect(lock.match(/9\.8\.7/g)).toHaveLength(2 + PACKAGES.length + 1)
    expect(lockWithVersion(lock, '9.8.7', version)).toBe(read('package-lock.json'))
  })

  it('moves what is unreleased under the version, and finds it again as notes', () => {
    const before =
      '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n'
    const after = releaseChangelog(before, '0.2.0', '2027-02-03')
    expect(after).toContain('## [Unreleased]\n\n## [0.2.0] - 2027-02-03\n\n### Added\n\n- One.\n')
    expect(changesOf(after, '0.2.0')).toBe('### Added\n\n- One.')
    expect(changesOf(after, 'Unreleased')).toBe('')
    expect(changesOf(after, '0.1.0')).toBe('- Old.')
    expect(releaseChangelog(read('CHANGELOG.md'), '9.8.7', '2027-02-03')).toContain('## [9.8.7]')
  })

  it('publishes every package that is not private, and a test lists the files of each', () => {
    const published = readdirSync('packages').filter(
      (name) =>
        existsSync(`packages/${name}/package.json`) && !manifestOf(`packages/${name}`).private,
    )
    expect(published.toSorted()).toEqual([...PACKAGES])
    for (const name of published) {
      expect(manifestOf(`packages/${name}`).publishConfig).toEqual({ access: 'public' })
      expect(manifestOf(`packages/${name}`).files).toContain('dist')
      expect(read(`test/packages/${name}/installed.node.test.ts`)).toMatch(
        /expect\(installed\.files\)\.toEqual\(/,
      )
    }
    expect(manifestOf('.').private).toBe(true)
  })

  it('lists in the bill of materials what is deployed and published, and no development dependency', () => {
    const { bomFormat, metadata, components, dependencies: edges } = productionSbom()
    expect([bomFormat, metadata.component.name]).toEqual(['CycloneDX', 'latchkey'])
    const required = components.filter(({ scope }) => scope === 'required').map(({ name }) => name)
    expect(required).toEqual(expect.arrayContaining([...Object.keys(dependencies), ...PACKAGES]))
    for (const tool of ['vitest', 'wrangler', 'typescript']) {
      expect(components.map(({ name }) => name)).not.toContain(tool)
    }
    const refs = new Set(edges.map(({ ref }) => ref))
    for (const { dependsOn = [] } of edges) {
      for (const ref of dependsOn) expect(refs).toContain(ref)
    }
  })

  it('the workflow runs what exists, with no token, and with rights only where they are needed', () => {
    const workflow = read('.github/workflows/release.yml')
    for (const [, file] of workflow.matchAll(/(scripts\/[\w./-]+|\.ci\/\w+)/g)) {
      expect(existsSync(file!), file).toBe(true)
    }
    expect(workflow).toContain('permissions: {}')
    expect(workflow).toContain('--provenance')
    expect(workflow).not.toMatch(/secrets\./)
  })
})

describe('refuses', () => {
  it('a version that the changelog has, and an empty release', () => {
    expect(() => releaseChangelog('## [Unreleased]\n\n- x\n\n## [0.1.0]\n', '0.1.0', '')).toThrow(
      'already has 0.1.0',
    )
    expect(() => releaseChangelog('## [Unreleased]\n\n## [0.1.0]\n', '0.2.0', '')).toThrow(
      'nothing under Unreleased',
    )
  })

  it('a file that does not name the old version where it should', () => {
    expect(() => withVersion('docs/cli.md', 'nothing', '0.1.0', '0.2.0')).toThrow(
      'docs/cli.md does not contain latchkey-cli-0.1.0.tgz',
    )
  })

  it.each([
    [[], 'Name the version: npm run release -- 0.2.0'],
    [['next'], 'next is not a version such as 0.2.0'],
    [['--notes', '0.0.0'], 'CHANGELOG.md has no 0.0.0'],
  ])('%j, in one line', (args, says) => {
    const run = spawnSync(process.execPath, ['scripts/release/release.ts', ...args])
    expect([run.status, run.stderr.toString().trim()]).toEqual([1, says])
  })
})
