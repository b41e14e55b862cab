import { readableOn } from '../base/color.ts'
import { escapeHtml } from '../base/html.ts'
import type { Locale } from '../base/locale.ts'

const DEFAULT_COLOR = '#1f4fd8'

/**
 * The HTML around the content of an email. It loads nothing and only sets the colours of the button, so that each mail
 * app uses its own light or dark colours.
 * @param preview what mail apps show next to the subject in their list of emails.
 * @param content HTML, line by line.
 */
export const mailPage = (
  locale: Locale,
  { app, subject, preview }: { app: string; subject: string; preview: string },
  content: readonly string[],
): string =>
  [
    `<!doctype html><html lang="${locale}" dir="ltr"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">',
    `<title>${escapeHtml(subject)}</title><style>:root{color-scheme:light dark}</style></head>`,
    '<body style="margin:0">',
    `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>`,
    `<div role="article" aria-label="${escapeHtml(subject)}" lang="${locale}">`,
    '<table role="presentation" align="center" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px;margin:0 auto">',
    '<tr><td style="padding:32px 24px;font:16px/1.5 system-ui,-apple-system,\'Segoe UI\',Roboto,sans-serif">',
    `<h1 style="font-size:20px;margin:0 0 24px">${escapeHtml(app)}</h1>`,
    ...content,
    '</td></tr></table></div></body></html>',
  ].join('\n')

/**
 * `ses:no-track` tells SES not to replace the link; SES removes the attribute.
 * @param brandColor `#rrggbb`. Any other text gives the default colour, so that a wrong setting stops no mail.
 */
export function mailButton(brandColor: string, link: string, label: string): string[] {
  const color = /^#[\da-f]{6}$/i.test(brandColor) ? brandColor : DEFAULT_COLOR
  const ink = readableOn(color)
  return [
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px"><tr>',
    `<td bgcolor="${color}" style="background:${color};border:1px solid ${ink};border-radius:10px">`,
    `<a ses:no-track href="${escapeHtml(link)}" style="display:inline-block;padding:13px 28px;color:${ink};font-weight:600;text-decoration:none">`,
    `<span style="color:${ink}">${escapeHtml(label)}</span></a></td></tr></table>`,
  ]
}

/** A paragraph. @param content HTML. */
export const mailText = (content: string, marginPx: number): string =>
  `<p style="margin:0 0 ${marginPx}px">${content}</p>`

/** A paragraph in small letters. @param content HTML. */
export const mailSmall = (content: string): string =>
  `<p style="font-size:14px;margin:0 0 12px">${content}</p>`
