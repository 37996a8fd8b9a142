import { readSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createFrameReader, encodeFrame } from '../wire/frames.ts'
import { syncChannelFds } from '../wire/sync-channel-fds.ts'
import type { FromWorker, ToWorker } from '../wire/protocol.ts'
import { endProcess } from './end-process.ts'

/** A worker's blocking channel to a test: the worker can wait for an answer while a rule is on its stack. */
export interface WorkerSyncChannel {
  send(message: FromWorker): void
  /** Sends a message, and blocks until the answer arrives. */
  ask(message: FromWorker): string
}

const chunkBytes = 65_536

export function openWorkerSyncChannel(onMessage: (message: ToWorker) => void): WorkerSyncChannel {
  const readMessages = createFrameReader()
  new Socket({ fd: syncChannelFds.toWorker, writable: false }).on('data', (bytes: Buffer) => {
    for (const message of readMessages(bytes)) onMessage(message as ToWorker)
  })
  const readAnswers = createFrameReader()
  const chunk = Buffer.alloc(chunkBytes)

  function send(message: FromWorker): void {
    const bytes = encodeFrame(message)
    for (let offset = 0; offset < bytes.length;) offset += writeSync(syncChannelFds.answers, bytes, offset)
  }

  return {
    send,
    ask(message) {
      send(message)
      for (;;) {
        const count = readSync(syncChannelFds.answers, chunk)
        if (count === 0) endProcess()
        const [answer] = readAnswers(Buffer.from(chunk.subarray(0, count)))
        if (answer !== undefined) return answer as string
      }
    },
  }
}
