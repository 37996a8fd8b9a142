import type { SecretLabels } from './secret-labels.ts'
import { findSecrets, isSecretName } from './secret-names.ts'

/** Adds the secrets of a value: those whose names reveal them, and those in texts that do. */
export function learnSecrets(labels: SecretLabels, value: unknown, name = ''): void {
  if (typeof value === 'string') learnText(labels, value, name)
  else if (typeof value === 'number' && isSecretName(name)) labels.add(name, String(value))
  else if (isHeader(value, name)) learnSecrets(labels, value[1], value[0])
  else if (Array.isArray(value)) for (const item of value) learnSecrets(labels, item, name)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) learnSecrets(labels, member, key)
  }
}

function learnText(labels: SecretLabels, text: string, name: string): void {
  const matches = findSecrets(text)
  for (const match of matches) labels.add(match.name, match.value)
  for (const match of matches) if (match.name === 'credentials') learnCredentials(labels, match.value)
  if (isSecretName(name) && matches.length === 0) labels.add(name, text)
  if (/cookie$/i.test(name)) for (const [, value = ''] of text.matchAll(/=([^;,\s]+)/g)) labels.add('cookie', value)
}

/** Credentials of `Basic` are a name and a password. */
function learnCredentials(labels: SecretLabels, base64: string): void {
  const [, password] = /^[\x20-\x7e]*?:([\x20-\x7e]+)$/.exec(Buffer.from(base64, 'base64').toString('latin1')) ?? []
  if (password !== undefined) labels.add('password', password)
}

/** Whether a value is one pair of a list of headers. */
export function isHeader(value: unknown, name: string): value is readonly [string, string] {
  return (
    name === 'headers' && Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'string')
  )
}
