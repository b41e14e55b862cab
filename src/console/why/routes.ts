import * as z from 'zod/mini'
import { normaliseEmail } from '../../base/email-address.ts'
import { lazily } from '../../base/lazily.ts'
import { readQuery } from '../../http/read.ts'
import { normalised } from '../../http/schema-parts.ts'
import { json } from '../../http/scope.ts'
import { requireLiveActor } from '../actor.ts'
import { consoleDepsOf } from '../deps.ts'
import { guardedRoutes } from '../guards.ts'
import { readPerson } from '../person.ts'
import { answersOf, type Answer } from './answers.ts'
import { findingsOf } from './findings.ts'
import { sentenceOf } from './sentences.ts'
import { plain } from './text.ts'
import { en } from './words/en.ts'

export const whyRoutes = guardedRoutes('people:read')

const WhyQuery = lazily(() =>
  z.strictObject({ email: normalised(normaliseEmail, 'must be an email address') }),
)

/** What would happen to an address now, and why, in sentences: the product's own rules over its rows. One round trip. */
whyRoutes.get('/v1/why', async (c) => {
  const deps = consoleDepsOf(c)
  const { email } = readQuery(c, WhyQuery())
  const [rows] = await Promise.all([readPerson(deps, email), requireLiveActor(c)])
  const nowMs = deps.world.now()
  const findings = findingsOf(deps.config, rows, nowMs)
  const { notApproved, noMail, thrownOut } = answersOf(findings, nowMs, en)
  return json(c, {
    email,
    answers: {
      notApproved: described(notApproved),
      noMail: described(noMail),
      thrownOut: described(thrownOut),
    },
    findings: findings.map((finding) => ({
      ...finding,
      sentence: plain(sentenceOf(en, finding)),
    })),
  })
})

/** The API speaks English. */
const described = ({ problem, sentences, besides }: Answer) => ({
  problem,
  sentence: [...sentences, ...besides].map(plain).join(en.between),
})
