import type { Locale } from '../../../base/locale.ts'
import type { Answer, Answers, Question } from '../../why/answers.ts'
import type { Finding } from '../../why/finding.ts'
import { sentenceOf } from '../../why/sentences.ts'
import { whyWords } from '../../why/words.ts'
import { html, type Html } from '../html.ts'
import { icon } from '../icon.ts'
import { said } from './said.ts'
import { peopleWords } from './words.ts'

/** The findings that belong to each answer. */
const BEHIND: Record<Finding['topic'], Question> = {
  approval: 'notApproved',
  identity: 'notApproved',
  mail: 'noMail',
  code: 'noMail',
  session: 'thrownOut',
}

const QUESTIONS = ['notApproved', 'noMail', 'thrownOut'] as const satisfies Question[]

/** The answers to the three complaints. @param findings the reasons, in a <details> element below the answers. */
export function whyMarkup(
  locale: Locale,
  answers: Answers,
  findings: readonly Finding[] = [],
): Html {
  return html`<section class="stack" aria-labelledby="why">
    <h2 id="why">${peopleWords[locale].why}</h2>
    <div class="answers">
      ${QUESTIONS.map((question) =>
        answer(
          locale,
          question,
          answers[question],
          findings.filter(({ topic }) => BEHIND[topic] === question),
        ),
      )}
    </div>
  </section>`
}

function answer(
  locale: Locale,
  question: Question,
  { problem, sentences }: Answer,
  findings: readonly Finding[],
): Html {
  const say = peopleWords[locale]
  const [first = '', ...more] = sentences
  const verdict = problem ? 'bad' : 'good'
  const { between } = whyWords[locale]
  return html`<div class="card tight answer ${verdict}">
    <p class="verdict">${icon(verdict)} ${say.verdict[verdict]}</p>
    <h3>${say.questions[question]}</h3>
    <p>${said(locale, first)}</p>
    ${
      more.length > 0 &&
      html`<p class="soft small">
        ${more.map((text, i) => html`${i > 0 && between}${said(locale, text)}`)}
      </p>`
    }
    ${
      findings.length > 0 &&
      html`<details>
        <summary>${say.findings(findings.length)}</summary>
        <ul class="found small">
          ${findings.map(
            (finding) => html`<li>${said(locale, sentenceOf(whyWords[locale], finding))}</li>`,
          )}
        </ul>
      </details>`
    }
  </div>`
}
