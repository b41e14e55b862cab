import { escapeHtml } from '../../src/base/html.ts'
import { isLocal } from '../../src/base/variable-kinds.ts'
import type { Message } from './accept.ts'
import { adbLine, simctlLine, withScheme } from './open-lines.ts'
import { qrSvg } from './qr.ts'

export const clockTime = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

const sender = (from: string): string => from.replace(/ ?<[^>]*>$/, '').replaceAll('"', '') || from

/** The message as a phone shows it: a mail in a mail app, or a text message in its bubble. */
function onPhone({ id, channel, from, to, subject, text, html, at }: Message): string {
  const name = sender(from ?? 'SMS')
  const head = `<div class="from"><span class="face" aria-hidden="true">${escapeHtml(Array.from(name)[0]?.toUpperCase() ?? '?')}</span>
<div><p class="who">${escapeHtml(name)}</p><p class="soft">to ${escapeHtml(to)}</p></div>
<time class="soft" datetime="${new Date(at).toISOString()}">${clockTime(at)}</time></div>`
  const title = `<h2>${escapeHtml(subject ?? 'Text message')}</h2>`
  if (channel === 'sms') {
    return `<div class="phone">${head}${title}<div class="bubble"><pre>${escapeHtml(text)}</pre></div></div>`
  }
  const mail = html
    ? `<iframe title="HTML of the email" sandbox="" loading="lazy" src="/messages/${escapeHtml(id)}/html"></iframe>`
    : `<pre>${escapeHtml(text)}</pre>`
  return `<div class="phone">${head}${title}${mail}</div>`
}

/** A text with a button that copies it. `id` names the text for the script. */
function copyable(id: string, what: string, text: string, more = ''): string {
  return `<div class="row"><code id="${id}">${escapeHtml(text)}</code>${more}<button type="button" data-copy="${id}" aria-label="Copy ${what}">Copy</button></div>`
}

function codePart(code: string): string {
  return `<section class="card"><h2>Code</h2><div class="row"><p class="code" id="code">${escapeHtml(code)}</p><button type="button" data-copy="code" aria-label="Copy the code">Copy</button></div></section>`
}

function linkPart(link: string, appScheme: string): string {
  const open = `<a class="act" href="${escapeHtml(link)}" rel="noreferrer" target="_blank">Open<span hidden> the link</span></a>`
  const appLink = withScheme(link, appScheme)
  const unreachable = isLocal(new URL(link))
    ? `<p class="warn">The link names this machine as ${escapeHtml(new URL(link).host)}. A phone reaches that only by USB, after <code>adb reverse</code>. For other phones, see <a href="/files/docs/first-hour.md">docs/first-hour.md</a>.</p>`
    : ''
  return `<section class="card"><h2>Link</h2>
${copyable('link', 'the link', link, open)}
<h3>Scan with a phone</h3>${unreachable}${qrSvg(link)}</section>
<section class="card"><h2>Open on a simulator</h2>
<p class="soft">The scheme <code>${escapeHtml(appScheme)}://</code> opens the app wherever it is installed. The link itself opens the app only if its association files are verified, and else the browser.</p>
<h3>iOS, by the app’s scheme</h3>${copyable('ios-scheme', 'the command for iOS with the app’s scheme', simctlLine(appLink))}
<h3>iOS, the link itself</h3>${copyable('ios-link', 'the command for iOS with the link', simctlLine(link))}
<h3>Android, by the app’s scheme</h3>${copyable('android-scheme', 'the command for Android with the app’s scheme', adbLine(appLink))}
<h3>Android, the link itself</h3>${copyable('android-link', 'the command for Android with the link', adbLine(link))}</section>`
}

/** One message, whole: how a phone shows it, and beside it what a developer needs of it. */
export function messageArticle(message: Message, appScheme: string): string {
  const { recipients, text, code, link } = message
  const hidden = [...recipients.cc, ...recipients.bcc].join(', ')
  return `<article class="message" id="message" tabindex="-1" aria-label="Message to ${escapeHtml(message.to)}">
${onPhone(message)}
<div>
${hidden ? `<p class="warn">Also to ${escapeHtml(hidden)}</p>` : ''}
${code ? codePart(code) : ''}
${link ? linkPart(link, appScheme) : ''}
<section class="card"><h2>Plain text</h2><pre>${escapeHtml(text)}</pre></section>
</div></article>`
}
