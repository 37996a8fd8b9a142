/** What a rule learns of an error of the embedder's, as JSON: no stack, which is full of paths. */
export function serializeError(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify({ message: 'the call failed' })
  const { name, message, code } = error as Error & { readonly code?: unknown }
  return JSON.stringify({ name, message, ...(typeof code === 'string' ? { code } : {}) })
}
