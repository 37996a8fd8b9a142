/** One spelling for an e-mail address or a user name: case does not tell two users apart, nor does Unicode composition. */
export function normalizeIdentifier(identifier: string): string {
  return identifier.normalize('NFC').toLowerCase()
}
