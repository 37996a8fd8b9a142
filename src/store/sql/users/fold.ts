/** One spelling for an e-mail address or a user name: case does not tell two users apart, nor does Unicode composition. */
export function fold(identifier: string): string {
  return identifier.normalize('NFC').toLowerCase()
}
