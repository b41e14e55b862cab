import type { Locale } from '../../../base/locale.ts'
import type { UnixSeconds } from '../../../base/time.ts'
import type { Series } from '../../start/days.ts'
import { frameWords } from '../frame-words.ts'
import { html, type Html } from '../html.ts'
import { dayText, shortDay } from '../when.ts'
import { startWords } from './words.ts'

const [HEIGHT, BAR, STEP] = [48, 14, 20]

/**
 * One small chart for each series, each with its own scale, so that rare events are visible next to frequent ones. It
 * uses attributes only, because the Content-Security-Policy allows no inline style.
 */
export const chartTiles = (
  locale: Locale,
  days: readonly UnixSeconds[],
  series: readonly Series[],
): Html =>
  html`<ul class="tiles">
    ${series.map((one) => tile(locale, days, one))}
  </ul>`

function tile(locale: Locale, days: readonly UnixSeconds[], { name, counts }: Series): Html {
  const say = startWords[locale]
  const number = new Intl.NumberFormat(locale)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const most = Math.max(...counts)
  const said =
    total === 0
      ? say.none
      : say.most(
          number.format(total),
          number.format(most),
          dayText(days[counts.indexOf(most)]!, locale),
        )
  const bars = counts.map((count, i) => {
    // One event among thousands is still visible, and a day without events is a line.
    const height = count === 0 ? 1 : Math.max(3, Math.round((HEIGHT * count) / most))
    return html`<rect
      class="${count === 0 ? 'none' : 'some'}"
      x="${i * STEP}"
      y="${HEIGHT - height}"
      width="${BAR}"
      height="${height}"
      ><title>
        ${frameWords[locale].colon(shortDay(days[i]!, locale), number.format(count))}
      </title></rect
    >`
  })
  const width = (counts.length - 1) * STEP + BAR
  return html`<li class="card tile">
    <h3>${say.series[name]}</h3>
    <p class="soft small">${say.means[name]}</p>
    <p class="total">${number.format(total)}</p>
    <svg
      role="img"
      aria-label="${said}"
      viewBox="0 0 ${width} ${HEIGHT}"
      preserveAspectRatio="none"
    >
      ${bars}
    </svg>
    <p class="axis" aria-hidden="true">
      <span>${shortDay(days[0]!, locale)}</span> <span>${shortDay(days.at(-1)!, locale)}</span>
    </p>
  </li>`
}

/** The same numbers, to read. */
export function numbersTable(
  locale: Locale,
  days: readonly UnixSeconds[],
  series: readonly Series[],
): Html {
  const say = startWords[locale]
  const number = new Intl.NumberFormat(locale)
  return html`<details class="numbers">
    <summary>${say.numbers}</summary>
    <div class="card">
      <table>
        <caption class="said">
          ${say.lately}
        </caption>
        <thead>
          <tr>
            <th scope="col">${say.day}</th>
            ${series.map(({ name }) => html`<th scope="col">${say.series[name]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${days
            .map(
              (day, i) =>
                html`<tr>
                  <th scope="row">${shortDay(day, locale)}</th>
                  ${series.map(({ counts }) => html`<td>${number.format(counts[i]!)}</td>`)}
                </tr>`,
            )
            .toReversed()}
        </tbody>
      </table>
    </div>
  </details>`
}
