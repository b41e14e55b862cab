/** @param brand `#rrggbb`. @param ink what is readable on it. */
export const pageStyle = (brand: string, ink: string): string =>
  ':root{color-scheme:light dark;--page:#f3f4f6;--card:#fff;--ink:#16181d;--soft:#555c69}' +
  '@media(prefers-color-scheme:dark){:root{--page:#0d0f12;--card:#181b20;--ink:#eceef2;--soft:#a5adba}}' +
  '*{box-sizing:border-box}' +
  'body{margin:0;min-height:100vh;min-height:100svh;display:grid;align-items:center;padding:16px;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere;word-break:auto-phrase}' +
  'main{width:100%;max-width:25rem;margin:auto;padding:2rem 1.5rem;background:var(--card);border:1px solid #8884;border-radius:20px}' +
  `.mark{width:3rem;margin:0 0 1.25rem;border-radius:14px;font:700 1.5rem/3rem system-ui,sans-serif;text-align:center;background:${brand};color:${ink}}` +
  'h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25;outline:0}' +
  'h1,.do{text-wrap:balance}' +
  'p{margin:0 0 1.25rem}' +
  '.account{margin:1rem 0;padding:.625rem 1rem;border-radius:12px;background:var(--page);font-weight:600}' +
  'small,#status{color:var(--soft);font-size:.875rem}' +
  'small{display:block}' +
  '#status{margin:1rem 0 0}' +
  '#status:empty{display:none}' +
  `.do{display:block;width:100%;margin:0 0 .75rem;padding:.75rem 1rem;border:1px solid #8886;border-radius:12px;background:${brand};color:${ink};font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}` +
  '.do~.do,.quiet{background:none;color:inherit}' +
  '.do:disabled{opacity:.6;cursor:default}' +
  '.do:focus-visible{outline:3px solid var(--ink);outline-offset:2px}' +
  '#stage>:last-child,#stage>:last-child>:last-child{margin-bottom:0}' +
  '.code{margin:0 0 .75rem;font:700 2.25rem/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.15em}' +
  '.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}'
