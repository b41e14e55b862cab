import type { Case } from '../case.ts'
import { ASK_NETWORK } from './ask-network.ts'
import { ASK } from './ask.ts'
import { CLOCK } from './clock.ts'
import { CODE } from './code.ts'
import { KEY } from './key.ts'
import { LINK_APP } from './link-app.ts'
import { LINK_NETWORK } from './link-network.ts'
import { LINK } from './link.ts'
import { REFRESH_ANSWER } from './refresh-answer.ts'
import { REFRESH_APP } from './refresh-app.ts'
import { REFRESH } from './refresh.ts'
import { SESSION } from './session.ts'
import { SIGN_OUT } from './sign-out.ts'

export const CASES: Case[] = [
  ...ASK_NETWORK,
  ...ASK,
  ...LINK_NETWORK,
  ...LINK,
  ...LINK_APP,
  ...CODE,
  ...REFRESH,
  ...REFRESH_ANSWER,
  ...REFRESH_APP,
  ...SESSION,
  ...CLOCK,
  ...KEY,
  ...SIGN_OUT,
]
