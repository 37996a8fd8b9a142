import { readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createFrameReader, frameOf } from '../wire/frames.ts'
import { lineFds } from '../wire/line-fds.ts'
import type { FromWorker, ToWorker } from '../wire/protocol.ts'
import { endProcess } from './end-process.ts'

/** A worker's line to a test: it can wait on it for an answer, with a rule on its stack. */
export interface WorkerLine {
  send(message: FromWorker): void
  /** Sends a message, and blocks until the answer is there. */
  ask(message: FromWorker): string
}

const chunkBytes = 65_536

export function openLine(take: (message: ToWorker) => void): WorkerLine {
  const read = createFrameReader()
  new Socket({ fd: lineFds.toWorker, writable: false }).on('data', (bytes: Buffer) => {
    for (const message of read(bytes)) take(message as ToWorker)
  })
  const readAnswers = createFrameReader()
  const chunk = Buffer.alloc(chunkBytes)

  function send(message: FromWorker): void {
    const bytes = frameOf(message)
    for (let sent = 0; sent < bytes.length;) sent += writeSync(lineFds.answers, bytes, sent)
  }

  return {
    send,
    ask(message) {
      send(message)
      for (;;) {
        const count = readSync(lineFds.answers, chunk)
        if (count === 0) endProcess()
        const [answer] = readAnswers(Buffer.from(chunk.subarray(0, count)))
        if (answer !== undefined) return answer as string
      }
    },
  }
}
