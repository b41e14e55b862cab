import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What axe says of the page as it is shown. Run it in light first: a dark page differs from a light one in its
 * colours alone, so in dark only the rule about colours is run.
 */
export async function axe(
  page: Page,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<AxeResults> {
  // Half a megabyte, which stays until the page is another.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  return page.evaluate(
    (options) =>
      (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run(
        options,
      ),
    colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {},
  )
}
