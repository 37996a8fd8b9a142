import type { HostSecret } from '../../../wire/protocol.ts'
import { HostCallError } from '../host-call-error.ts'
import type { HttpRequest } from '../http-message.ts'
import { fillRequest, hasPlaceholder } from './fill-request.ts'
import { createValueHider } from './hide-values.ts'

/** The secrets for hosts of a ruleset. Their values are in the worker only: an isolate has the placeholders. */
export interface HostSecrets {
  /** Puts the values into a request. @throws {HostCallError} NETWORK_REFUSED if it is not for its host */
  fillRequest(message: HttpRequest): HttpRequest
  /** Replaces the values in a header or a message by placeholders, in each form that a service may echo. */
  hideText(text: string): string
  hideBody(body: Buffer): Buffer
  /** @throws {HostCallError} NETWORK_REFUSED if a placeholder is in what a socket sends, where no value can be put in */
  assertNotSent(text: string): void
  /** @throws {Error} if a placeholder is in what a rule signs, hashes, encrypts or compresses */
  assertNotProcessed(input: string): void
}

export function createHostSecrets(secrets: readonly HostSecret[]): HostSecrets {
  const { hideText } = createValueHider(secrets)
  const findSecret = (text: string): HostSecret | undefined => secrets.find((one) => hasPlaceholder(text, one))

  return {
    fillRequest: (message) => fillRequest(message, secrets),
    hideText,
    hideBody(body) {
      const text = body.toString('latin1')
      const hiddenText = hideText(text)
      return hiddenText === text ? body : Buffer.from(hiddenText, 'latin1')
    },
    assertNotSent(text) {
      const secret = findSecret(text)
      if (secret === undefined) return
      const message = `a socket would send the placeholder of the secret ${secret.name}: its value is put into HTTP requests only (fetch, http, https, axios, request)`
      throw new HostCallError('NETWORK_REFUSED', message)
    },
    assertNotProcessed(input) {
      const secret = findSecret(input)
      if (secret === undefined) return
      const message = `the secret ${secret.name} has hosts, so the rule has only its placeholder, and cannot sign, hash, encrypt or compress with it; give the secret without hosts, or use a host module`
      throw new HostCallError('ERR_SECRET_PLACEHOLDER', message)
    },
  }
}
