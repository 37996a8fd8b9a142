import { createHash } from 'node:crypto'
import type { Handler } from './handler.ts'

interface GreetingOptions {
  readonly issuer: string
  readonly hasPlayground: boolean
  /** Whether the users, clients and secrets are those of the demo. */
  readonly isDemo: boolean
}

interface Link {
  readonly path: string
  readonly name: string
  readonly purpose: string
}

/**
 * Adds a first page to a server, at `/`: says what the server is, and links to where one can go on.
 *
 * Browsers get HTML, every other client plain text. All other requests are passed to `handler`.
 */
export function greet(handler: Handler, options: GreetingOptions): Handler {
  const { issuer, hasPlayground } = options
  const base = new URL(issuer).pathname.replace(/\/$/, '')
  const links: readonly Link[] = [
    ...(hasPlayground
      ? [{ path: '/playground', name: 'Playground', purpose: 'write rules, and try them on logins' }]
      : []),
    { path: '/api/v2/explorer', name: 'API explorer', purpose: 'users, rules and clients, to read and to change' },
    { path: '/.well-known/openid-configuration', name: 'OpenID configuration', purpose: 'the endpoints for clients' },
    { path: '/healthz', name: 'Health', purpose: 'whether the server answers' },
  ]
  const html = formatHtml(links, base, options)
  const text = formatText(links, base, options)
  return async (request, connectionInfo) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (!isRead || new URL(request.url).pathname !== `${base}/`) return await handler(request, connectionInfo)
    const isHtml = request.headers.get('accept')?.includes('text/html') === true
    const headers = { ...securityHeaders, 'content-type': `text/${isHtml ? 'html' : 'plain'}; charset=utf-8` }
    return new Response(request.method === 'HEAD' ? null : isHtml ? html : text, { headers })
  }
}

const serverPurpose = 'claimsmith is an auth server: it logs users in, runs login rules over them, and issues tokens.'
const demoNote = 'This one is a demo. Its passwords and secrets are public, and it keeps its data in memory.'

function describeServer({ isDemo }: GreetingOptions): readonly string[] {
  return isDemo ? [serverPurpose, demoNote] : [serverPurpose]
}

function formatText(links: readonly Link[], base: string, options: GreetingOptions): string {
  const { origin } = new URL(options.issuer)
  const lines = links.map(({ path, name, purpose }) => `${name}: ${purpose}\n  ${origin}${base}${path}\n`)
  return `${describeServer(options).join('\n')}\n\n${lines.join('')}`
}

const style = `
      :root { color-scheme: light dark; }
      html { background: Canvas; color: CanvasText; }
      body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; }
      li { margin: 0.5rem 0; }
    `

function formatHtml(links: readonly Link[], base: string, options: GreetingOptions): string {
  const sentences = describeServer(options).map((text) => `      <p>${text}</p>\n`)
  const items = links.map(({ path, name, purpose }) => {
    return `        <li><a href="${base}${path}">${name}</a>: ${purpose}</li>\n`
  })
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>claimsmith</title>
    <link rel="icon" href="data:,">
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>claimsmith</h1>
${sentences.join('')}      <ul>
${items.join('')}      </ul>
    </main>
  </body>
</html>
`
}

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

const securityHeaders = {
  'content-security-policy': policy.join('; '),
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  vary: 'Accept',
  'x-content-type-options': 'nosniff',
}
