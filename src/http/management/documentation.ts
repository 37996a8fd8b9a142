import { readFileSync } from 'node:fs'
import type { Env, Hono } from 'hono'
import { explorerPage, explorerScript, explorerStyle } from './openapi/explorer-page.ts'
import { buildOpenApiDocument } from './openapi/document.ts'
import { operations } from './operations.ts'

const explorer = '/explorer'
const html = 'text/html; charset=utf-8'
const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'

const files: Readonly<Record<string, readonly [type: string, text: () => string]>> = {
  [explorer]: [html, () => explorerPage],
  [`${explorer}/start.js`]: [script, () => explorerScript],
  [`${explorer}/page.css`]: [style, () => explorerStyle],
  [`${explorer}/swagger-ui.js`]: [script, () => readBuiltFile('swagger-ui-bundle.js')],
  [`${explorer}/swagger-ui.css`]: [style, () => readBuiltFile('swagger-ui.css')],
}

/** Serves `/openapi.json`, and a page at `/explorer` that shows and runs its calls; neither needs a token. */
export function addDocumentation<E extends Env>(app: Hono<E>, issuer: string): void {
  let document: string | undefined
  app.get('/openapi.json', () => {
    document ??= JSON.stringify(buildOpenApiDocument(operations, issuer))
    return new Response(document, {
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
    })
  })
  const headers = buildSecurityHeaders(new URL(issuer).origin)
  for (const [path, [type, text]] of Object.entries(files)) {
    app.get(path, () => new Response(text(), { headers: { ...headers, 'content-type': type } }))
  }
}

/** The page loads nothing from other origins, and calls only this server, also by the issuer's origin. */
function buildSecurityHeaders(origin: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'public, max-age=300',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

const fileCache = new Map<string, string>()

function readBuiltFile(file: string): string {
  const text = fileCache.get(file) ?? readFileSync(new URL(`../../../dist/explorer/${file}`, import.meta.url), 'utf8')
  fileCache.set(file, text)
  return text
}
