import { encodeQR } from 'qr'

/** The empty modules around a code, which readers need (ISO/IEC 18004). */
const QUIET = 4

/** A QR code as an SVG that needs no style and no other file. Dark on white in both colour schemes, as readers need it. */
export function qrSvg(text: string): string {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET })
  const dark = modules.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])),
  )
  const size = modules.length
  return `<svg class="qr" role="img" aria-label="QR code of the sign-in link" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${dark.join('')}"/></svg>`
}
