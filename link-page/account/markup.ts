import { escapeHtml } from '../../src/base/html.ts'
import type { Locale } from '../../src/base/locale.ts'
import { button, page, slot, small, state, type Inlined } from '../markup.ts'
import { accountWords, type AccountWords } from './words.ts'

/** The texts that the script shows in the status line, by name. */
export const SAID = [
  'busy',
  'sent',
  'downloaded',
  'others',
  'wrong',
  'ended',
  'wait',
  'app',
  'failed',
] as const
export type Said = (typeof SAID)[number]

/** The page where a person signs in to download their data or to delete their account. */
export function accountPage(locale: Locale, inlined: Inlined): string {
  const say = accountWords[locale]
  const title = say.title(slot('appName'))
  const texts = SAID.map((name) => ` data-${name}="${escapeHtml(say[name])}"`).join('')
  const account = '<p class="account"></p>'
  const stage = [
    `<div id="stage" data-url="${slot('accountUrl')}"${texts}>`,
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(say.lead)}</p>`,
    `<noscript><p>${escapeHtml(say.noScript)}</p></noscript>`,
    consequences(say),
    `</div>`,
    state(
      'start',
      [title, say.lead],
      [
        form('ask', [
          field(say.email, 'type="email" name="email" autocomplete="email" maxlength="254"'),
          submit(say.send),
        ]),
        consequences(say),
      ],
    ),
    state('code', say.code, [
      account,
      form('redeem', [
        field(
          say.digits,
          'name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12"',
        ),
        submit(say.signIn),
        button('resend', say.resend),
        button('start', say.other),
      ]),
    ]),
    state(
      'account',
      [title],
      [
        small(say.signedIn),
        account,
        button('sign-out-others', say.signOutOthers),
        button('export', say.download),
        button('sure', say.remove),
        button('sign-out', say.signOut),
      ],
    ),
    state(
      'sure',
      [say.sure],
      [
        account,
        consequences(say),
        button('delete', say.confirm, 'do danger'),
        button('account', say.back),
      ],
    ),
    state('stale', say.stale, [account, button('again', say.again), button('account', say.back)]),
    state('deleted', say.done),
  ]
  return page(locale, title, stage, inlined)
}

const consequences = ({ deletes, deleted, keeps }: AccountWords): string =>
  [
    `<div class="what"><p>${escapeHtml(deletes)}</p>`,
    `<ul>${deleted.map((what) => `<li>${escapeHtml(what)}</li>`).join('')}</ul>`,
    `<p>${escapeHtml(keeps)}</p></div>`,
  ].join('')

const form = (action: string, content: string[]): string =>
  `<form data-do="${action}">${content.join('')}</form>`

const field = (label: string, attributes: string): string =>
  `<label>${escapeHtml(label)}<input required ${attributes}></label>`

const submit = (text: string): string => `<button class="do">${escapeHtml(text)}</button>`
