import type { Locale } from '../../../base/locale.ts'
import type { ImportReport } from '../../approvals/import.ts'
import { describedBy, errorSummary, hidden, idOf, saidOf, type Errors } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Content, type Html } from '../html.ts'
import { signInPath } from '../local-path.ts'
import { lineErrorText, SHOWN_LINES, type RefusedLine } from './import-refused.ts'
import { importWords } from './import-words.ts'
import { approvalWords } from './words.ts'

const EXAMPLE = `email,company,reason,expiresAt\nada@example.net,Acme,Trial,2027-03-31`

export function importForm(locale: Locale, errors: Errors): Html {
  const say = importWords[locale]
  const field = {
    form: 'import',
    name: 'file',
    label: say.file,
    hint: say.fileHint,
    typed: {},
    errors,
  }
  return html`<a class="back" href="/approvals">← ${approvalWords[locale].title}</a>
    <form
      class="card stack"
      method="post"
      action="/approvals/import"
      enctype="multipart/form-data"
      novalidate
    >
      <div class="tight">
        <h1>${say.title}</h1>
        <p class="soft">${say.lead}</p>
      </div>
      ${errorSummary(frameWords[locale].problems, 'import', errors)}
      <div class="field">
        <label for="${idOf('import', 'file')}">${say.file}</label>
        ${saidOf(field)}
        <p class="hint">${say.example}</p>
        <pre class="hint">${EXAMPLE}</pre>
        <input
          type="file"
          id="${idOf('import', 'file')}"
          name="file"
          accept=".csv,text/csv"
          required
          ${describedBy(field)}
        />
      </div>
      <div class="actions">
        <button class="button main">${say.check}</button>
        <a class="button" href="/v1/approvals.csv">${say.export}</a>
      </div>
    </form>`
}

/**
 * @param counts of this call and the earlier ones. @param refused the lines that they refused, at most SHOWN_LINES.
 * @param text the file, for the next call.
 */
export function importReport(
  locale: Locale,
  report: ImportReport,
  counts: ImportReport['counts'],
  refused: readonly RefusedLine[],
  text: string,
  maxDays: number,
): Html {
  const say = importWords[locale]
  const { dryRun, nextLine } = report
  const changes = counts.created + counts.changed
  const said = dryRun
    ? changes > 0
      ? say.checked
      : say.nothing
    : nextLine
      ? say.under(nextLine)
      : say.done
  return html`<a class="back" href="/approvals">← ${approvalWords[locale].title}</a>
    <div class="stack">
      <h1>${say.title}</h1>
      <p class="notice ${!dryRun && 'good'}" role="status">${said}</p>
      <dl class="card counts">
        ${(['created', 'changed', 'unchanged', 'refused'] as const).map(
          (name) =>
            html`<div>
              <dt>${say.counts[name]}</dt>
              <dd>${new Intl.NumberFormat(locale).format(counts[name])}</dd>
            </div>`,
        )}
      </dl>
      <div class="actions">
        ${dryRun && changes > 0 && next(say.run(changes), text, 1)}
        ${
          !dryRun &&
          nextLine !== undefined &&
          next(
            say.goOn,
            text,
            nextLine,
            html`${Object.entries(counts).map(([name, count]) => hidden(name, count))}
            ${hidden('lines', JSON.stringify(refused))}`,
          )
        }
        <a class="button" href="/approvals/import">${say.another}</a>
      </div>
      ${
        refused.some(({ errors }) => errors.some(({ code }) => code === 'not_recent')) &&
        html`<p>
          <a class="button" href="${signInPath('/approvals/import', 'recent')}"
            >${say.signInAgain}</a
          >
        </p>`
      }
      ${changedLines(locale, report)}
      ${refused.length > 0 && refusedLines(locale, refused, counts.refused, maxDays)}
    </div>`
}

/** The form contains the file, because the console does not store it. The script submits the next call by itself. */
const next = (label: string, text: string, fromLine: number, counts: Content = null): Html =>
  html`<form
    method="post"
    action="/approvals/import"
    enctype="multipart/form-data"
    ${fromLine > 1 && html` data-go-on`}
  >
    ${hidden('fromLine', fromLine)} ${counts} ${hidden('text', text)}
    <button class="button main">${label}</button>
  </form>`

function changedLines(locale: Locale, { lines }: ImportReport): Content {
  const say = importWords[locale]
  const changed = lines.filter(({ outcome }) => outcome === 'created' || outcome === 'changed')
  if (changed.length === 0) return null
  const more = changed.length - SHOWN_LINES
  return html`<section class="card stack">
    <h2>${say.changes}</h2>
    <ul class="tight">
      ${changed
        .slice(0, SHOWN_LINES)
        .map(
          ({ line, email, outcome }) =>
            html`<li><strong>${say.line} ${line}</strong> ${email}: ${say.counts[outcome]}</li>`,
        )}
    </ul>
    ${more > 0 && html`<p class="soft">${say.more(more)}</p>`}
  </section>`
}

function refusedLines(
  locale: Locale,
  refused: readonly RefusedLine[],
  count: number,
  maxDays: number,
): Html {
  const say = importWords[locale]
  const more = count - refused.length
  return html`<section class="card stack">
    <h2>${say.refused}</h2>
    <ul class="tight refused">
      ${refused.map(
        ({ line, email, errors }) =>
          html`<li>
            <strong>${say.line} ${line}</strong> ${email}
            <ul class="changes">
              ${errors.map((error) => html`<li>${lineErrorText(locale, error, maxDays)}</li>`)}
            </ul>
          </li>`,
      )}
    </ul>
    ${more > 0 && html`<p class="soft">${say.more(more)}</p>`}
  </section>`
}
