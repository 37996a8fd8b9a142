/** JSON messages on a stream of bytes: each is preceded by its length, four bytes, big-endian. */

const headBytes = 4

export function frameOf(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(headBytes)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

/** Takes bytes as they come; answers the messages that they complete. */
export function createFrameReader(): (bytes: Buffer) => unknown[] {
  let waiting: Buffer = Buffer.alloc(0)
  return (bytes) => {
    waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes])
    const messages: unknown[] = []
    while (waiting.length >= headBytes) {
      const end = headBytes + waiting.readUInt32BE()
      if (waiting.length < end) break
      messages.push(JSON.parse(waiting.toString('utf8', headBytes, end)))
      waiting = waiting.subarray(end)
    }
    return messages
  }
}
