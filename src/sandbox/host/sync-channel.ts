import type { ChildProcess } from 'node:child_process'
import { readSync, writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { createFrameReader, encodeFrame } from '../wire/frames.ts'
import { syncChannelFds } from '../wire/sync-channel-fds.ts'
import type { ToWorker } from '../wire/protocol.ts'

/** Blocking duplex pipe between a test and its worker. */
export interface SyncChannel {
  send(message: ToWorker): void
  /** Answers a worker that blocks on the channel. */
  reply(text: string): void
  /** Blocks this process and handles messages until `isOver()`, or until 3 s have passed and no message is left. */
  serveUntil(isOver: () => boolean): void
}

/**
 * Longer than the start of a worker and the CPU limit of a login. Health checks end a longer run; they need the event loop.
 */
const maxBlockMs = 3_000
const pauseMs = 0.05
const maxSpins = 20
const chunkBytes = 65_536

export function createSyncChannel(child: ChildProcess, onMessage: (message: unknown) => void): SyncChannel {
  const pipes = child.stdio as unknown as readonly Socket[]
  const [answers, toWorker] = [pipes[syncChannelFds.answers]!, pipes[syncChannelFds.toWorker]!]
  const read = createFrameReader()
  const chunk = Buffer.alloc(chunkBytes)
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  let isClosed = false

  function receive(bytes: Buffer): void {
    for (const message of read(bytes)) onMessage(message)
  }

  function write(socket: Socket, bytes: Buffer): void {
    const fd = getFd(socket)
    if (fd === undefined) socket.write(bytes)
    else
      for (let sent = 0; sent < bytes.length && !isClosed;) sent += tryIo(() => writeSync(fd, bytes, sent)) ?? pause()
  }

  function pause(): number {
    Atomics.wait(sleeper, 0, 0, pauseMs)
    return 0
  }

  /** Undefined if the pipe is full, or empty, at the moment. */
  function tryIo(act: () => number): number | undefined {
    try {
      return act()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
      isClosed = true
      return 0
    }
  }

  answers.on('data', receive)
  for (const socket of [answers, toWorker]) {
    socket.on('error', () => {
      isClosed = true
    })
    socket.on('close', () => {
      isClosed = true
    })
  }

  return {
    send: (message) => write(toWorker, encodeFrame(message)),
    reply: (text) => write(answers, encodeFrame(text)),
    serveUntil(isOver) {
      const fd = getFd(answers)
      if (fd === undefined) return
      const deadlineMs = performance.now() + maxBlockMs
      for (let idleReads = 0; !isOver() && !isClosed;) {
        const count = tryIo(() => readSync(fd, chunk))
        if (count === undefined) {
          if (performance.now() > deadlineMs) return
          if (++idleReads > maxSpins) pause()
        } else {
          idleReads = 0
          if (count === 0) isClosed = true
          else receive(Buffer.from(chunk.subarray(0, count)))
        }
      }
    },
  }
}

/** Gets the descriptor of a socket. Windows has none. There nothing blocks, and rules begin a little later. */
function getFd(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null }
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined
}
