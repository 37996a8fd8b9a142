/** Reads a JSON text that ought to hold a certain thing; undefined where it holds another, or is no JSON. */
export function readJson<T>(isRight: (value: unknown) => value is T, text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRight(value) ? value : undefined
  } catch {
    return undefined
  }
}
