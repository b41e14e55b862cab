import type { Observed } from '../workers.ts'

/** The elements and attributes that our pages and mails are made of. Anything else came from input. */
const ELEMENTS = new Set(
  `html head meta title link style script body main header nav footer section article div span p a b strong em small
  h1 h2 h3 ul ol li dl dt dd table caption thead tbody tr th td form label input textarea select option button fieldset
  legend details summary svg path circle rect line g time wbr br code output template noscript dialog data search i
  figure figcaption polyline text img hr bdi del ins pre`.split(/\s+/),
)
const ATTRIBUTES = new Set(
  `lang dir charset name content property http-equiv rel href src defer class id method action type value for hidden
  autocomplete autofocus inputmode required maxlength minlength pattern placeholder readonly disabled checked selected
  rows cols min max step aria-hidden aria-label aria-labelledby aria-describedby aria-invalid aria-current aria-live
  aria-expanded aria-controls aria-atomic aria-busy role tabindex datetime scope colspan open enctype accept novalidate
  width height viewbox fill stroke stroke-width stroke-linecap stroke-linejoin d cx cy r x y x1 x2 y1 y2 points title
  alt target media color cellpadding cellspacing border align bgcolor valign focusable xmlns integrity crossorigin
  spellcheck autocapitalize enterkeyhint translate form formaction list multiple size style preserveaspectratio aria-sort`.split(
    /\s+/,
  ),
)

const OWN_URL = /^(?:\/(?![/\\])|#|\?|$)/
/** Where links of a page may lead, beyond its own origin: to the app, and to an image without content. */
const OTHER_URL =
  /^(?:latchkey:\/\/link\/[\w-]+$|https:\/\/(?:auth|console)\.latchkey\.test\/|intent:\/\/|data:,$)/

/** Elements, attributes and URLs of a page that are not ours. @param policy of a page; a mail has none. */
export async function foreignMarkup(html: string, policy: string | null): Promise<string[]> {
  const wrong: string[] = []
  const inline: string[] = []
  const rewriter = new HTMLRewriter()
    .on('*', {
      element(element) {
        const tag = element.tagName
        if (!ELEMENTS.has(tag)) wrong.push(`<${tag}>`)
        for (const [name, value] of element.attributes as Iterable<[string, string]>) {
          const known = ATTRIBUTES.has(name) || /^(?:data-[a-z-]+|ses:no-track)$/.test(name)
          if (!known || (policy !== null && name === 'style')) wrong.push(`<${tag} ${name}>`)
          const isUrl = ['href', 'src', 'action', 'formaction'].includes(name)
          if (isUrl && !OWN_URL.test(value) && !OTHER_URL.test(value)) {
            wrong.push(`<${tag} ${name}="${value}">`)
          }
        }
      },
    })
    .on('script:not([src]), style', {
      text({ text, lastInTextNode }) {
        if (inline.length === 0 || inline.at(-1) === '\0') inline.push('')
        inline[inline.length - 1] += text
        if (lastInTextNode) inline.push('\0')
      },
    })
    .onDocument({ comments: ({ text }) => void wrong.push(`<!--${text}-->`) })
  await rewriter.transform(new Response(html)).text()
  if (policy === null) return wrong
  for (const text of inline.filter((one) => one !== '\0' && one !== '')) {
    const hash = btoa(String.fromCharCode(...(await hashOf(text))))
    if (!policy.includes(`'sha256-${hash}'`)) wrong.push(`inline: ${text.slice(0, 60)}`)
  }
  return wrong
}

async function hashOf(text: string): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return new Uint8Array(digest)
}

/** What the page of an answer, and each mail that was sent, has of somebody else. */
export async function injectedMarkup({ answer, text, mails }: Observed): Promise<string[]> {
  const isPage = answer.headers.get('Content-Type')?.startsWith('text/html')
  const policy = answer.headers.get('Content-Security-Policy') ?? ''
  const wrong = isPage && text !== '' ? await foreignMarkup(text, policy) : []
  for (const { Content } of mails) {
    const { Subject, Body } = Content.Simple
    if (/[\p{Cc}\u2028\u2029]/u.test(Subject.Data)) wrong.push(`the subject ${Subject.Data}`)
    wrong.push(...(await foreignMarkup(Body.Html.Data, null)))
  }
  return wrong
}
