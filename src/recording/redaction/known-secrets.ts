import type { RecordedRun } from '../../engine/ports/record-port.ts'
import { type Secret, sanitizeName } from './secret-labels.ts'

/** Lists what is secret by its origin: configuration, secrets of actions, the Management API token and states. */
export function listRunSecrets({ configuration, rules, tenant, resumePoint, outcome }: RecordedRun): Secret[] {
  const { accessToken } = tenant
  const states = [resumePoint?.state, outcome.state].filter((state) => state !== undefined)
  return [
    ...listSecrets(configuration, 'configuration'),
    ...rules.flatMap(({ secrets }) => listSecrets(secrets, 'secrets')),
    ...(typeof accessToken === 'string' ? [['auth0.accessToken', accessToken] as const] : []),
    ...states.map((state) => ['state', state] as const),
  ]
}

/** Lists the values that are to be hidden wherever they stand; `kind` begins their labels. */
export function listSecrets(values: Readonly<Record<string, string>>, kind: string): Secret[] {
  return Object.entries(values)
    .filter(([, value]) => !isTrivial(value))
    .map(([name, value]) => [formatSecretLabel(kind, name), stripUrlScheme(value)] as const)
}

/** Whether a configured value is never a secret: hiding it would only stop rules from working. */
export function isTrivial(value: string): boolean {
  return /^(?:true|false|.{0,3})$/s.test(value)
}

export function formatSecretLabel(kind: string, name: string): string {
  return `${kind}.${sanitizeName(name)}`
}

/**
 * Returns the secret part of a URL. The scheme stays readable, so that the placeholder is still a URL. Slashes at the end
 * are not part of the secret: rules add and remove them.
 */
function stripUrlScheme(value: string): string {
  return /^https?:\/\/(.+?)\/*$/i.exec(value)?.[1] ?? value
}
