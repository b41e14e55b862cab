import type { Case } from '../case.ts'
import { ASK } from './ask.ts'
import { CODE } from './code.ts'
import { LIFE } from './life.ts'
import { REFRESH } from './refresh.ts'
import { SIGN_IN } from './sign-in.ts'

export const CASES: Case[] = [...ASK, ...SIGN_IN, ...CODE, ...REFRESH, ...LIFE]
