/** Reads server-sent events of one kind: the data of each, as JSON. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  kind: string,
  take: (data: unknown) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    rest += value
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const lines = event.split('\n')
      const data = lines.find((line) => line.startsWith('data: '))
      if (lines.includes(`event: ${kind}`) && data !== undefined) take(JSON.parse(data.slice('data: '.length)))
    }
  }
}
