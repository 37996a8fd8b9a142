import type { PlaygroundFixture } from './fixture.ts'

/** Watches the logins, and reads what comes until a text has come. */
export async function watchLogins(fixture: PlaygroundFixture) {
  const token = await fixture.managementToken('read:logs')
  const stop = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  const response = await fixture.send('/playground/api/logins', { headers, signal: stop.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    response,
    async until(sign: string): Promise<string> {
      while (!text.includes(sign)) {
        const chunk = await reader?.read()
        if (chunk?.done !== false) throw new Error(`the stream ended: ${text}`)
        text += chunk.value
      }
      return text
    },
    stop: async () => await reader?.cancel(),
  }
}
