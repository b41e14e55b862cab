import type { Finding, FindingCode } from './finding.ts'
import type { Text } from './text.ts'
import type { WhyWords } from './why-words.ts'
import { en } from './words/en.ts'

export const sentenceOf = (say: WhyWords, finding: Finding): Text =>
  (say.findings[finding.code] as (finding: Finding) => Text)(finding)

export const FINDING_CODES = Object.keys(en.findings) as FindingCode[]
