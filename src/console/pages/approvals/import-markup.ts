import type { Locale } from '../../../base/locale.ts'
import type { ImportedLine, ImportReport } from '../../approvals/import.ts'
import { describedBy, errorSummary, hidden, idOf, saidOf, type Errors } from '../form.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Content, type Html } from '../html.ts'
import { importWords } from './import-words.ts'
import { approvalWords } from './words.ts'

/** More lines are no help on a page. */
const SHOWN_LINES = 200

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

/** @param counts of this call and of those before. @param text the file, for the next call. */
export function importReport(
  locale: Locale,
  report: ImportReport,
  counts: ImportReport['counts'],
  text: string,
): Html {
  const say = importWords[locale]
  const { dryRun, nextLine, lines } = report
  const changes = counts.created + counts.changed
  const said = dryRun
    ? changes > 0
      ? say.checked
      : say.nothing
    : nextLine
      ? say.under(nextLine)
      : say.done
  const refused = lines.filter(({ outcome }) => outcome === 'refused')
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
            Object.entries(counts).map(([name, count]) => hidden(name, count)),
          )
        }
        <a class="button" href="/approvals/import">${say.another}</a>
      </div>
      ${refused.length > 0 && refusedLines(locale, refused)}
    </div>`
}

/** The file travels with the form: the console keeps none. The script presses the button of an import under way. */
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

function refusedLines(locale: Locale, refused: readonly ImportedLine[]): Html {
  const say = importWords[locale]
  const more = refused.length - SHOWN_LINES
  // The reasons are the API's own words.
  return html`<section class="card stack">
    <h2>${say.refused}</h2>
    <ul class="tight refused">
      ${refused.slice(0, SHOWN_LINES).map(
        ({ line, email, errors = [] }) =>
          html`<li>
            <strong>${say.line} ${line}</strong> ${email}
            <ul class="changes" lang="en">
              ${errors.map(({ column, detail }) => html`<li>${column} ${detail}</li>`)}
            </ul>
          </li>`,
      )}
    </ul>
    ${more > 0 && html`<p class="soft">${say.more(more)}</p>`}
  </section>`
}
