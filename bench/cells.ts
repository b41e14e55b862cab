import type { BuildName } from './builds.ts'
import type { Figure } from './figures.ts'
import { BUILD_NAMES } from './words.ts'

/** The builds that have figures, in the order of the columns. */
export const columns = (figures: readonly Figure[]): BuildName[] =>
  (Object.keys(BUILD_NAMES) as BuildName[]).filter((name) =>
    figures.some(({ build }) => build === name),
  )

/** How many times Latchkey's figure it is: `, 2.1×`. */
export const times = ({ ratio }: Figure): string => (ratio ? `, ${ratio.median.toFixed(2)}×` : '')
