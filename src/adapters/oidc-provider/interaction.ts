import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'

/** The parameter of the interaction's URL that carries the query with which the user came back. */
const returnParameter = 'came_back'

/** Redirects the user as a rule asks, or finishes the interaction with the query with which they came back. */
export async function handleInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { prompt } = await provider.interactionDetails(request, response)
  if (prompt.name !== 'rules') return false
  const interactionUrl = parseUrl(request)
  const { redirect, state } = prompt.details as {
    readonly redirect?: { readonly url: string }
    readonly state?: string
  }
  const query = interactionUrl.searchParams.get(returnParameter)
  if (query !== null) {
    const rules = { state, query: Object.fromEntries(new URLSearchParams(query)) }
    await provider.interactionFinished(request, response, { rules }, { mergeWithLastSubmission: true })
    return true
  }
  if (redirect === undefined) return false
  // The state is the path: only the browser with this interaction's cookie can continue there.
  const target = new URL(redirect.url, interactionUrl)
  target.searchParams.set('state', interactionUrl.pathname)
  redirectTo(response, target.href)
  return true
}

/** Sends the user back to the interaction whose path is the state. Its cookie proves that this is the same browser. */
export function handleReturn(request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = parseUrl(request)
  const state = searchParams.get('state') ?? ''
  if (!/^\/(?!\/)[\w./~-]+$/.test(state)) {
    response.writeHead(400, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(
      JSON.stringify({
        error: 'invalid_request',
        error_description: 'The state is missing, or is not the path of an interaction.',
      }),
    )
    return
  }
  searchParams.delete('state')
  redirectTo(response, `${state}?${new URLSearchParams({ [returnParameter]: searchParams.toString() }).toString()}`)
}

function redirectTo(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' })
  response.end()
}

/** Express removes a prefix from `url`, and keeps it in `originalUrl`. */
function parseUrl(request: IncomingMessage & { readonly originalUrl?: string }): URL {
  return new URL(request.originalUrl ?? request.url ?? '/', 'http://localhost')
}
