import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The content type of each file that the build makes for the page. */
const contentTypes: Readonly<Record<string, string>> = {
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
}

export const assetNames: readonly string[] = Object.keys(contentTypes)

const cache = new Map<string, Uint8Array<ArrayBuffer>>()

/** Serves one of `assetNames`. */
export function serveAsset(name: string): Response {
  const bytes =
    cache.get(name) ?? new Uint8Array(readFileSync(new URL(`../../../dist/playground/${name}`, import.meta.url)))
  cache.set(name, bytes)
  const headers = { ...securityHeaders, 'content-type': contentTypes[name] ?? '', 'cache-control': 'no-cache' }
  return new Response(bytes, { headers })
}

/** Renders the page. The nonce allows the styles that the editor creates at run time, and no others. */
export function renderPage(base: string): Response {
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  const headers = {
    ...securityHeaders,
    'content-security-policy': policy.join('; '),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  }
  return new Response(renderHtml(`${base}/playground`, nonce), { headers })
}

const securityHeaders = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' }

function renderHtml(path: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>claimsmith playground</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${path}/app.css">
    <script src="${path}/app.js" defer></script>
  </head>
  <body>
    <div id="playground" data-path="${path}" data-nonce="${nonce}"></div>
    <noscript>The playground needs JavaScript.</noscript>
  </body>
</html>
`
}
