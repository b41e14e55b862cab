/** The languages of messages and pages. English replaces every other language. */
export const LOCALES = ['en', 'de', 'fr', 'es', 'ja'] as const
export type Locale = (typeof LOCALES)[number]

/**
 * @returns the best supported language for a BCP 47 tag (`de-CH`, or `de_CH` as Android writes it) or for an
 * Accept-Language list (RFC 9110 section 12.5.4); English when none matches.
 */
export function chooseLocale(requested = ''): Locale {
  let best: Locale = 'en'
  let bestWeight = 0
  for (const range of requested.split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const locale = LOCALES.find((locale) => locale === tag.split(/[-_]/)[0])
    const q = parameters.find((parameter) => parameter.startsWith('q='))
    const weight = q ? Number(q.slice(2)) : 1
    if (locale && weight <= 1 && weight > bestWeight) {
      best = locale
      bestWeight = weight
    }
  }
  return best
}
