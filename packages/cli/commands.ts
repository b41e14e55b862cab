import type { Command } from './command.ts'
import { add } from './commands/approvals/add.ts'
import { change, extend } from './commands/approvals/change.ts'
import { exportApprovals } from './commands/approvals/export.ts'
import { importApprovals } from './commands/approvals/import.ts'
import { list } from './commands/approvals/list.ts'
import { showApproval } from './commands/approvals/show.ts'
import { restore, withdraw } from './commands/approvals/withdraw.ts'
import { completionOf } from './commands/completion.ts'
import { login } from './commands/login.ts'
import { logout } from './commands/logout.ts'
import { allowMail } from './commands/people/allow-mail.ts'
import { endSessions } from './commands/people/end.ts'
import { erase } from './commands/people/erase.ts'
import { showPerson } from './commands/people/show.ts'
import { approveRequest, declineRequest } from './commands/requests/decide.ts'
import { listRequests } from './commands/requests/list.ts'
import { whoami } from './commands/whoami.ts'
import { why } from './commands/why.ts'

const WORK: readonly Command[] = [
  login,
  logout,
  whoami,
  list,
  showApproval,
  add,
  extend,
  change,
  withdraw,
  restore,
  importApprovals,
  exportApprovals,
  listRequests,
  approveRequest,
  declineRequest,
  showPerson,
  endSessions,
  allowMail,
  erase,
  why,
]

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [...WORK, completionOf(WORK)]
