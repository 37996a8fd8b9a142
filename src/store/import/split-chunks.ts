/** Few lengths, so that there are few different statements and the database can keep them prepared. */
const lengths = [64, 8, 1]

/** Splits the items, in order, into chunks of 64, 8 or 1. */
export function splitChunks<Item>(items: readonly Item[]): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += chunks.at(-1)?.length ?? 1) {
    const length = lengths.find((one) => at + one <= items.length) ?? 1
    chunks.push(items.slice(at, at + length))
  }
  return chunks
}
