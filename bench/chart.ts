import type { Figure } from './figures.ts'
import { amount, BUILD_NAMES, flowName } from './words.ts'

/** Which figures a chart shows: those of one measure, with a bar for each build in each flow. */
export type ChartOf = { title: string; measure: string; at?: number; figures: readonly Figure[] }

const WIDTH = 760
const LABEL_WIDTH = 150
const BAR_WIDTH = 430
const BAR_HEIGHT = 16
const GROUP_GAP = 30
const TOP = 44

/** Legible on a white and on a dark page. */
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px }
.latchkey { fill: #0969da } .against { fill: #54aeff } .floor { fill: #8c959f } .openauth { fill: #bf8700 } .better-auth { fill: #a475f9 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
`

/** A bar chart as SVG. Its description has every number, for screen readers. */
export function chart({ title, measure, at, figures }: ChartOf): string {
  const shown = figures.filter((one) => one.measure === measure && one.at === at && one.flow)
  const longest = Math.max(...shown.map(({ median }) => median))
  const flows = [...new Set(shown.map(({ flow }) => flow!))]
  const description: string[] = []
  const bars: Markup[] = []
  let y = TOP
  for (const flow of flows) {
    const group = shown.filter((one) => one.flow === flow)
    bars.push(element('text', { x: 0, y: y + 13, class: 'title' }, flowName(flow)))
    y += 20
    for (const { build, median, unit } of group) {
      const value = amount(median, unit)
      const width = Math.max(1, (median / longest) * BAR_WIDTH)
      const middle = y + BAR_HEIGHT - 3
      bars.push(
        element('text', { x: 12, y: middle }, BUILD_NAMES[build]),
        element('rect', { x: LABEL_WIDTH, y, width, height: BAR_HEIGHT - 3, class: build }),
        element('text', { x: LABEL_WIDTH + width + 6, y: middle }, value),
      )
      y += BAR_HEIGHT
    }
    const values = group.map((one) => `${BUILD_NAMES[one.build]} ${amount(one.median, one.unit)}`)
    description.push(`${flowName(flow)}: ${values.join(', ')}.`)
    y += GROUP_GAP - BAR_HEIGHT
  }
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${y}`,
      width: WIDTH,
      height: y,
      role: 'img',
      'aria-labelledby': 'title desc',
    },
    element('title', { id: 'title' }, title),
    element('desc', { id: 'desc' }, description.join(' ')),
    element('style', {}, STYLE),
    element('text', { x: 0, y: 18, class: 'title' }, title),
    ...bars,
  )
  return `${svg.markup}\n`
}

/** Text that is already escaped. */
type Markup = { markup: string }

function element(
  name: string,
  attributes: Record<string, string | number>,
  ...children: (string | Markup)[]
): Markup {
  const listed = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const inner = children.map((one) => (typeof one === 'string' ? escaped(one) : one.markup))
  return { markup: `<${name}${listed.join('')}>${inner.join('\n')}</${name}>` }
}

const escaped = (value: string | number): string =>
  (typeof value === 'number' ? String(Math.round(value * 10) / 10) : value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
