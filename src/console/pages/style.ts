import { ALONE } from './style/alone.ts'
import { BAR } from './style/bar.ts'
import { BASE } from './style/base.ts'
import { BUTTON } from './style/button.ts'
import { FACTS } from './style/facts.ts'
import { FORM } from './style/form.ts'
import { HISTORY } from './style/history.ts'
import { LAYOUT } from './style/layout.ts'
import { LIST } from './style/list.ts'
import { NOTICE } from './style/notice.ts'
import { PERSON } from './style/person.ts'
import { REQUESTS } from './style/requests.ts'
import { START } from './style/start.ts'
import { TABLE } from './style/table.ts'
import { TIMELINE } from './style/timeline.ts'

/** The one stylesheet. A later part may change what an earlier one says. */
export const STYLE: string = [
  BASE,
  BAR,
  LAYOUT,
  BUTTON,
  NOTICE,
  FORM,
  TABLE,
  LIST,
  FACTS,
  HISTORY,
  PERSON,
  TIMELINE,
  REQUESTS,
  START,
  ALONE,
].join('\n')
