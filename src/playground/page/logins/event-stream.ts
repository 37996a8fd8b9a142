/** Reads server-sent events of one kind: the data of each, as JSON. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  kind: string,
  onEvent: (data: unknown) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let buffered = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    buffered += value
    const events = buffered.split('\n\n')
    buffered = events.pop() ?? ''
    for (const event of events) {
      const lines = event.split('\n')
      const data = lines.find((line) => line.startsWith('data: '))
      if (lines.includes(`event: ${kind}`) && data !== undefined) onEvent(JSON.parse(data.slice('data: '.length)))
    }
  }
}
