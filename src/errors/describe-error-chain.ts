/** Long messages, such as what a process wrote before it ended, are cut. Characters. */
const maxLength = 1_000

/**
 * Describes an error and its causes in one line: their messages, from the outermost to the first cause.
 *
 * User names and passwords in URLs are left out.
 */
export function describeErrorChain(error: unknown): string {
  const messages: string[] = []
  const seen = new Set<unknown>()
  for (let one = error; one !== undefined && one !== null && !seen.has(one); one = getCause(one)) {
    seen.add(one)
    const message = describeOne(one)
    // Some errors repeat the message of their cause.
    if (message !== '' && !messages.at(-1)?.includes(message)) messages.push(message)
  }
  return messages.join(': ').slice(0, maxLength)
}

function describeOne(error: unknown): string {
  const text = error instanceof Error ? describeMessage(error) : String(error)
  return text
    .replaceAll(/\b([a-z][a-z\d+.-]*:\/\/)\S*@/gi, '$1…@')
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '')
}

/** An error of several attempts, such as a connection to each address of a host, may have a code and no message. */
function describeMessage(error: Error): string {
  const { name, message, code } = error as Error & { readonly code?: unknown }
  if (message === '') return typeof code === 'string' ? code : name
  return ['Error', 'ClaimsmithError'].includes(name) ? message : `${name}: ${message}`
}

function getCause(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}
