import { showPageOf } from '../show-page.ts'

export const showPage = showPageOf('people')
