/** JSON messages on a byte stream. A frame is the length of the body in four bytes, big-endian, then the body. */

const headBytes = 4

export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(headBytes)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

/** Creates a reader that takes chunks of the stream, and returns the messages that each chunk completes. */
export function createFrameReader(): (bytes: Buffer) => unknown[] {
  let buffered: Buffer = Buffer.alloc(0)
  return (bytes) => {
    buffered = buffered.length === 0 ? bytes : Buffer.concat([buffered, bytes])
    const messages: unknown[] = []
    while (buffered.length >= headBytes) {
      const end = headBytes + buffered.readUInt32BE()
      if (buffered.length < end) break
      messages.push(JSON.parse(buffered.toString('utf8', headBytes, end)))
      buffered = buffered.subarray(end)
    }
    return messages
  }
}
