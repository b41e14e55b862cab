import { Problem } from '../../http/problem.ts'
import { bodyTooLarge, MAX_BODY_BYTES, readTextOf } from '../../http/read.ts'
import type { AppContext } from '../../http/scope.ts'
import { html, type Content, type Html } from './html.ts'

/** What was typed, by field name. */
export type Typed = Readonly<Record<string, string>>
/** The errors, by field name. */
export type Errors = Readonly<Record<string, Content>>

/** The content of a form, or its errors. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: Errors }

const FORM = 'application/x-www-form-urlencoded'

/**
 * The fields of a form. Forms with long text are sent as `multipart/form-data`, which needs a third of the bytes for
 * letters outside ASCII. @throws Problem 400 if a name appears twice, or if a field is a file.
 */
export async function readForm(c: AppContext): Promise<Typed> {
  const typed: Record<string, string> = Object.create(null)
  for (const [name, value] of await formEntries(c)) {
    if (name in typed || typeof value !== 'string') throw new Problem('invalid_request')
    typed[name] = value
  }
  return typed
}

/** Names and values, including files. @throws Problem 400, 413 or 415. */
export async function formEntries(c: AppContext): Promise<Iterable<[string, string | File]>> {
  const type = c.req.header('Content-Type') ?? ''
  if (!type.toLowerCase().startsWith('multipart/form-data')) {
    return new URLSearchParams(await readTextOf(c, FORM, MAX_BODY_BYTES))
  }
  // The length was checked before the route. Browsers always send Content-Length.
  if (c.req.header('Content-Length') === undefined) throw bodyTooLarge()
  try {
    return (await c.req.raw.formData()) as Iterable<[string, string | File]>
  } catch {
    throw new Problem('invalid_request')
  }
}

export type Field = {
  /** The id of its form, so that ids are unique on a page with several forms. */
  form: string
  name: string
  label: string
  hint?: string | undefined
  typed: Typed
  errors: Errors
}

export const idOf = (form: string, name: string): string => `${form}-${name}`

/** One line of text. @param attributes further attributes, made by `html`. */
export const input = (field: Field, attributes: Content = null): Html =>
  labelled(
    field,
    html`<input
      id="${idOf(field.form, field.name)}"
      name="${field.name}"
      value="${field.typed[field.name]}"
      ${attributes}${describedBy(field)}
    />`,
  )

/** The content of a textarea. Browsers drop a line break directly after its tag, and the text may begin with one. */
export const afterLineBreak = (text: string): string => `\n${text}`

export const textarea = (field: Field, attributes: Content = null): Html =>
  labelled(
    field,
    html`<textarea
      id="${idOf(field.form, field.name)}"
      name="${field.name}"
      ${attributes}${describedBy(field)}
    >
${afterLineBreak(field.typed[field.name] ?? '')}</textarea>`,
  )

const labelled = (field: Field, control: Html): Html =>
  html`<div class="field">
    <label for="${idOf(field.form, field.name)}">${field.label}</label>${saidOf(field)}${control}
  </div>`

/** The hint and the error of a field, for aria-describedby. */
export const saidOf = ({ form, name, hint, errors }: Field): Html =>
  html`${hint !== undefined && html`<p class="hint" id="${idOf(form, name)}-hint">${hint}</p>`}${has(errors, name) && html`<p class="wrong" id="${idOf(form, name)}-error">${errors[name]}</p>`}`

export function describedBy({ form, name, hint, errors }: Field): Html {
  const wrong = has(errors, name)
  const ids = [hint !== undefined && 'hint', wrong && 'error']
    .filter((part) => part !== false)
    .map((part) => `${idOf(form, name)}-${part}`)
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${wrong && html` aria-invalid="true"`}`
}

const has = (errors: Errors, name: string) => Object.hasOwn(errors, name)

export const hidden = (name: string, value: string | number): Html =>
  html`<input type="hidden" name="${name}" value="${value}" />`

/** The list of errors above a form, with a link to each field. It takes the focus. */
export const errorSummary = (title: string, form: string, errors: Errors): Content =>
  Object.keys(errors).length > 0 &&
  html`<div class="notice bad" role="alert" tabindex="-1" data-focus>
    <h2>${title}</h2>
    <ul>
      ${Object.entries(errors).map(
        ([name, error]) => html`<li><a href="#${idOf(form, name)}">${error}</a></li>`,
      )}
    </ul>
  </div>`
