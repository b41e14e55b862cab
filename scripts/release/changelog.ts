const UNRELEASED = '## [Unreleased]\n'

/**
 * Puts what is under Unreleased under the new version.
 * @param date as YYYY-MM-DD.
 * @throws Error if the version is already there, or if nothing is under Unreleased.
 */
export function releaseChangelog(text: string, version: string, date: string): string {
  if (text.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md already has ${version}`)
  if (changesOf(text, 'Unreleased') === '')
    throw new Error('CHANGELOG.md has nothing under Unreleased')
  return text.replace(UNRELEASED, `${UNRELEASED}\n## [${version}] - ${date}\n`)
}

/** What the changelog says of a version; '' if it does not have it. */
export function changesOf(text: string, version: string): string {
  const from = text.indexOf(`## [${version}]`)
  if (from === -1) return ''
  const start = text.indexOf('\n', from) + 1
  const end = text.indexOf('\n## [', start)
  return text.slice(start, end === -1 ? undefined : end).trim()
}
