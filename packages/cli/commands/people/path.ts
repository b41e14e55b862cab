import type { Argument } from '../../command.ts'
import { segment } from '../../api/path.ts'

export const PERSON: Argument = { name: 'PERSON', summary: 'An email address, or a user id usr_…' }

export const pathOf = (person: string): string => `/v1/people/${segment(person)}`
