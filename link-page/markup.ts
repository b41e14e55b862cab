import { escapeHtml } from '../src/base/html.ts'
import type { Locale } from '../src/base/locale.ts'
import type { PageValues } from '../src/link-page/fill.ts'
import type { NoticeName } from '../src/link-page/page.ts'
import { pageWords, type Notice } from './words.ts'

/** The style and the script of every page, minified. */
export type Inlined = { style: string; script: string }

/** A place for a value. The Worker fills it in when it answers. */
export const slot = (name: keyof PageValues): string => `{{${name}}}`

/** A page with one message, and what the person can do. */
export function noticePage(locale: Locale, name: NoticeName, inlined: Inlined): string {
  const [title, text] = pageWords[locale][name]
  return page(
    locale,
    title,
    [`<div id="stage">`, `<h1>${escapeHtml(title)}</h1>`, `<p>${escapeHtml(text)}</p>`, `</div>`],
    inlined,
  )
}

/**
 * The page of a link that has not expired. The account and the code are in templates, which a browser does not
 * render. The script shows them when the person asks for them.
 */
export function linkPage(locale: Locale, inlined: Inlined): string {
  const say = pageWords[locale]
  const title = say.title(slot('appName'))
  const account = `<p class="account">${slot('account')}</p>`
  const data = {
    token: slot('token'),
    browser: slot('browser'),
    busy: escapeHtml(say.busy),
    noapp: escapeHtml(say.noApp),
  }
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${value}"`)
  const stage = [
    `<div id="stage"${attributes.join('')}>`,
    `<h1>${escapeHtml(title)}</h1>`,
    `<noscript><p>${escapeHtml(say.noScript)}</p>`,
    `<a class="do" href="${slot('appUrl')}">${escapeHtml(say.openApp)}</a></noscript>`,
    `</div>`,
    state(
      'choose',
      [title, say.lead],
      [
        `<div>${button('confirm', say.here)}`,
        `<a class="do" data-do="app" href="${slot('appUrl')}" data-intent="${slot('intentUrl')}">${escapeHtml(say.openApp)}</a>`,
        `${button('code', say.showCode)}</div>`,
        small(say.close),
      ],
    ),
    state(
      'confirm',
      [say.here],
      [account, button('sign-in', say.confirm), button('choose', say.back), small(say.close)],
    ),
    state('code', say.code, [
      account,
      `<p class="code"><span aria-hidden="true">${slot('code')}</span>`,
      `<span class="said">${slot('spokenCode')}</span></p>`,
      `<p>${small(say.expiry(slot('timeLeft')))}</p>`,
      button('choose', say.back, 'do quiet'),
    ]),
    state('done', say.done),
    state('used', say.used),
    state('expired', say.expired),
    state('superseded', say.superseded),
    state('not_approved', say.notApproved),
    state('unknown', say.elsewhere, [button('code', say.showCode)]),
    state('failed', say.failed, [button('sign-in', say.retry), button('choose', say.back)]),
  ]
  return page(locale, title, stage, inlined)
}

export function state(
  name: string,
  [title, text]: Notice | readonly [string],
  content: string[] = [],
): string {
  return [
    `<template id="t-${name}"><h1 tabindex="-1">${escapeHtml(title)}</h1>`,
    text === undefined ? '' : `<p>${escapeHtml(text)}</p>`,
    ...content,
    `</template>`,
  ].join('')
}

export const button = (action: string, text: string, look = 'do'): string =>
  `<button type="button" class="${look}" data-do="${action}">${escapeHtml(text)}</button>`

export const small = (text: string): string => `<small>${escapeHtml(text)}</small>`

/** The page has one style and one script, both without attributes, because page.ts in src/ finds and hashes them. */
export function page(
  locale: Locale,
  title: string,
  stage: string[],
  { style, script }: Inlined,
): string {
  const brand = `.mark,.do{background:${slot('brandColor')};color:${slot('brandInk')}}`
  const lines = [
    `<!doctype html>`,
    `<html lang="${locale}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width">`,
    `<meta name="robots" content="noindex">`,
    `<meta name="format-detection" content="telephone=no">`,
    `<title>${escapeHtml(title)}</title>`,
    `<link rel="icon" href="data:,">`,
    `<style>${brand}${style}</style></head>`,
    `<body><main>`,
    `<p class="mark" aria-hidden="true">${slot('initial')}</p>`,
    ...stage,
    `<p id="status" role="status"></p></main>`,
    `<script>${script}</script></body></html>`,
  ]
  return `${lines.join('\n')}\n`
}
