import type { Why } from '../api/types.ts'
import { ADDRESS, type Command } from '../command.ts'
import { wrap } from '../terminal/width.ts'
import { show } from './show.ts'

const COMPLAINTS = [
  ['notApproved', '“It says I am not approved.”'],
  ['noMail', '“No email came.”'],
  ['thrownOut', '“I am signed out again and again.”'],
] as const

export const why: Command = {
  name: 'why',
  summary: 'Say why somebody cannot sign in, gets no email, or is signed out',
  args: [ADDRESS],
  options: {},
  example: 'latchkey why jane@acme.example',
  async run(work, { args }) {
    const { paint, width } = work.shell
    const answer = await (await work.api()).get<Why>('/v1/why', { query: { email: args[0] } })
    show(work, answer, ({ email, answers, findings }) => [
      paint('bold', email),
      ...COMPLAINTS.flatMap(([name, complaint]) => {
        const { problem, sentence } = answers[name]
        const mark = problem ? paint('red', 'problem') : paint('green', 'all right')
        return ['', `${complaint} ${mark}`, ...wrap(sentence, width, '  ')]
      }),
      '',
      paint('bold', `Details (${findings.length})`),
      ...findings.flatMap(({ sentence }) => wrap(sentence, width, '  ', '- ')),
    ])
  },
}
