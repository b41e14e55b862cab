import { escapeHtml } from '../../../src/base/html.ts'

/** One paragraph for each block of a description. Between backticks is code. */
export const paragraphs = (text: string | undefined): string =>
  (text ?? '')
    .split('\n\n')
    .filter(Boolean)
    .map((block) => `<p>${inline(block)}</p>`)
    .join('')

export const inline = (text: string): string =>
  escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

export const code = (text: string): string => `<code>${escapeHtml(text)}</code>`

export const link = (anchor: string, text: string): string =>
  `<a href="#${anchor}">${escapeHtml(text)}</a>`
