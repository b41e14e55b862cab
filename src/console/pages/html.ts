import { escapeHtml } from '../../base/html.ts'

const markup: unique symbol = Symbol('html')

/** Text that is already HTML. Only `html` makes it, so nothing else reaches a page unescaped. */
export type Html = { readonly [markup]: string }

/** The values that a template accepts. `false`, `null` and `undefined` give no output, so that `condition && html…` works. */
export type Content = Html | string | number | false | null | undefined | readonly Content[]

/** HTML in which every value is escaped, as text or in a quoted attribute. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  const text = strings.reduce((done, string, i) => done + textOf(values[i - 1]) + string)
  return { [markup]: text }
}

export function textOf(content: Content): string {
  if (content === false || content == null) return ''
  if (typeof content === 'string') return escapeHtml(content)
  if (typeof content === 'number') return String(content)
  return markup in content ? content[markup] : content.map(textOf).join('')
}

/** An address with a place for a line break before its at sign. */
export const breakable = (email: string): Html =>
  html`${email.split(/(?=@)/).map((part, i) => html`${i > 0 && html`<wbr />`}${part}`)}`
