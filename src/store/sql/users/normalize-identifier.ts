/** Normalizes an e-mail address or a user name: two that differ only in case or in Unicode composition become equal. */
export function normalizeIdentifier(identifier: string): string {
  return identifier.normalize('NFC').toLowerCase()
}
