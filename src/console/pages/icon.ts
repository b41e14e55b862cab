import { html, type Html } from './html.ts'

/** Lines in a square of 20 by 20. */
const PATHS = {
  good: 'M4 10.5l4 4 8-9',
  bad: 'M10 4v7.5M10 15v.5',
  asked: 'M3.5 4.5h13v8.5h-7L6 16.5V13H3.5z',
  sent: 'M3 5h14v10H3zM3 6l7 5 7-5',
  kept: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  opened: 'M11.5 4H16v12h-4.5M3 10h9M9 7l3 3-3 3',
  refreshed: 'M15.6 7.6a6 6 0 1 0 .3 4M16 3.5V8h-4.5',
  ended: 'M5 5h10v10H5z',
  changed: 'M4 16l1-4 8-8 3 3-8 8z',
} as const
export type IconName = keyof typeof PATHS

/** A small drawing beside text that says the same. */
export const icon = (name: IconName): Html =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="${PATHS[name]}" /></svg>`
