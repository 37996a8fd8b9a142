/** Few lengths, so that the database meets few different statements, and keeps them prepared. */
const lengths = [64, 8, 1]

/** The items in order, in chunks of one of a few lengths. */
export function splitChunks<Item>(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += chunks.at(-1)?.length ?? 1) {
    const length = lengths.find((one) => at + one <= items.length) ?? 1
    chunks.push(items.slice(at, at + length))
  }
  return chunks
}
