import type { Threat } from '../threat.ts'
import { ANSWERS } from './answers.ts'
import { APPROVAL } from './approval.ts'
import { CLOCK } from './clock.ts'
import { CODE } from './code.ts'
import { DATABASE } from './database.ts'
import { LINK } from './link.ts'
import { THEFT } from './theft.ts'

/** All threats, in the order of the page. */
export const GROUPS: { title: string; threats: Threat[] }[] = [
  { title: 'Lost answers', threats: ANSWERS },
  { title: 'The link and the code', threats: [...LINK, ...CODE] },
  { title: 'Theft', threats: THEFT },
  { title: 'Approval', threats: APPROVAL },
  { title: 'Clocks', threats: CLOCK },
  { title: 'DynamoDB', threats: DATABASE },
]
