import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'

/** The parameter of the interaction's own URL that carries what the user came back with. */
const returnParameter = 'came_back'

/** Takes the user to where a rule says, with the state that brings them back, or goes on with what they came back with. */
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
  // Only the browser that has this interaction's cookie can go on from its path.
  const target = new URL(redirect.url, interactionUrl)
  target.searchParams.set('state', interactionUrl.pathname)
  redirectTo(response, target.href)
  return true
}

/** The state is the path of the interaction: its cookie says whether this is the browser that it belongs to. */
export function handleReturn(request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = parseUrl(request)
  const state = searchParams.get('state') ?? ''
  if (!/^\/(?!\/)[\w./~-]+$/.test(state)) {
    response.writeHead(400, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(
      JSON.stringify({ error: 'invalid_request', error_description: 'The state is missing, or none of ours.' }),
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

/** Express takes a prefix off `url`. */
function parseUrl(request: IncomingMessage & { readonly originalUrl?: string }): URL {
  return new URL(request.originalUrl ?? request.url ?? '/', 'http://localhost')
}
