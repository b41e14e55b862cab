import { escapeHtml } from '../../src/base/html.ts'
import { isLocal } from '../../src/base/variable-kinds.ts'
import { DOCUMENTS } from '../documents.ts'
import { LOOK } from '../look.ts'
import type { Development } from './description.ts'
import { peopleList } from './people-list.ts'

const STYLE = `${LOOK}
.runs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1rem; padding: 0; list-style: none; margin: 1rem 0 }
.runs .card { margin: 0 } .runs h2 { display: flex; align-items: center; gap: .5rem }
.runs h2::before { content: ''; width: .625rem; height: .625rem; border-radius: 50%; background: var(--accent) }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1rem }
.people dt { border-top: 1px solid var(--line); padding-top: .375rem; margin-top: .375rem; overflow-wrap: anywhere } .people dt:first-child { border: 0; padding: 0; margin: 0 } .people dd { color: var(--soft); font-size: .875rem }
.snippet { background: var(--paper); border-radius: 8px; padding: .625rem .75rem; margin: .25rem 0 .75rem }
dl { margin: 0 } dt { font-weight: 600; margin-top: .625rem } dd { margin: 0 }
`

const link = (url: string, label = url): string =>
  `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`

const snippet = (text: string): string => `<pre class="snippet">${escapeHtml(text)}</pre>`

function parts({ issuer, inbox, console, dynamodb }: Development): string {
  const running = [
    [
      'Public Worker',
      `<code>${escapeHtml(issuer)}</code>`,
      'The issuer. Apps and back ends use it.',
    ],
    ['Inbox', link(inbox), 'Every email and SMS, as a phone shows it.'],
    [
      'Playground',
      link(`${inbox}/playground`),
      'Lose an answer, steal a session, withdraw an approval, and see the tables.',
    ],
    ['Console', link(console), 'Where administrators decide who may sign in.'],
    [
      'DynamoDB Local',
      `<code>${escapeHtml(dynamodb)}</code>`,
      'Both tables, with the sample people.',
    ],
  ]
  const cards = running.map(
    ([name, where, what]) =>
      `<li class="card"><h2>${name}</h2><p>${where}</p><p class="soft">${what}</p></li>`,
  )
  return `<ul class="runs">${cards.join('')}</ul>`
}

/** Where an app finds the issuer, by what it runs on. */
function devices({ issuer, inbox, appScheme }: Development): string {
  const { port } = new URL(issuer)
  const places = isLocal(new URL(issuer))
    ? [
        ['Browser, iOS simulator', `Use <code>${escapeHtml(issuer)}</code>.`],
        [
          'Android emulator, or a phone by USB',
          `Run this after each start of the emulator, then use the same address:${snippet(`adb reverse tcp:${port} tcp:${port}`)}`,
        ],
        [
          'Any other phone',
          `It cannot reach <code>127.0.0.1</code>: ${link(`${inbox}/files/docs/first-hour.md`, 'docs/first-hour.md')} says what to do.`,
        ],
      ]
    : [['Every device that can reach it', `Use <code>${escapeHtml(issuer)}</code>.`]]
  const rows = places.map(([device, how]) => `<dt>${device}</dt><dd>${how}</dd>`).join('')
  return `<section class="card"><h2>In your app</h2>
${snippet(`createLatchkeyClient({ issuer: '${issuer}', storage })`)}
<dl>${rows}<dt>Links</dt><dd>A link opens an app that has the scheme <code>${escapeHtml(appScheme)}://</code>. The inbox has the command for each simulator.</dd></dl></section>`
}

function documents({ inbox }: Development): string {
  const items = DOCUMENTS.map(
    ({ path, about }) =>
      `<li>${link(`${inbox}/files/${path}`, path)}<br><span class="soft">${about}</span></li>`,
  )
  return `<section class="card"><h2>Documents</h2><ul>${items.join('')}</ul></section>`
}

function addresses({ issuer }: Development): string {
  const items = [
    ['/docs', 'the API'],
    ['/.well-known/jwks.json', 'public keys'],
    ['/.well-known/oauth-authorization-server', 'metadata'],
    ['/readyz', 'whether the configuration is valid and the database responds'],
    ['/link', 'the page behind a link, without a link'],
  ].map(
    ([path = '', what = '']) =>
      `<li>${link(issuer + path, path)}<br><span class="soft">${what}</span></li>`,
  )
  return `<section class="card"><h2>Look at</h2><ul>${items.join('')}</ul></section>`
}

/** The page at `/`, which says what runs where. It has no script and loads nothing. */
export function startPage(development: Development): Response {
  const nonce = crypto.randomUUID()
  const { inbox, companyDomains } = development
  const example = `you@${companyDomains[0] ?? 'example.com'}`
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Latchkey runs here</title>
<style nonce="${nonce}">${STYLE}</style>
<header><h1>Latchkey runs here</h1><span class="soft">npm run dev</span></header>
<main>
<p>Ask for a link as <code>${escapeHtml(example)}</code> in your app. The message arrives in the ${link(inbox, 'inbox')}, with a QR code and the commands for simulators.</p>
${parts(development)}
<div class="two">${peopleList(development)}${devices(development)}</div>
<div class="two">${documents(development)}${addresses(development)}</div>
</main>
<footer><p class="soft">Only <code>npm run dev</code> serves this page. A deployment answers 404 here.</p></footer>
</html>
`
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=UTF-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
