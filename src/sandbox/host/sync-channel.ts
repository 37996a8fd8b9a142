import type { ChildProcess } from 'node:child_process'
import { readSync, writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import { createFrameReader, encodeFrame } from '../wire/frames.ts'
import { syncChannelFds } from '../wire/sync-channel-fds.ts'
import type { ToWorker } from '../wire/protocol.ts'

/** A test's line to its worker: it can wait on it until a rule has done what it does at once. */
export interface SyncChannel {
  send(message: ToWorker): void
  /** Answers a worker that waits. */
  reply(text: string): void
  /** Blocks this process, and takes what comes, until `isOver`, or until that has taken too long. */
  serveUntil(isOver: () => boolean): void
}

/** Longer than a worker takes to start, and rules with all their CPU. Past that they are watched as any others are, which takes an event loop. */
const maxBlockMs = 3_000
const pauseMs = 0.05
const spins = 20
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

  /** Undefined where the pipe is full, or empty, for the moment. */
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
      const untilMs = performance.now() + maxBlockMs
      for (let idle = 0; !isOver() && !isClosed;) {
        const count = tryIo(() => readSync(fd, chunk))
        if (count === undefined) {
          if (performance.now() > untilMs) return
          if (++idle > spins) pause()
        } else {
          idle = 0
          if (count === 0) isClosed = true
          else receive(Buffer.from(chunk.subarray(0, count)))
        }
      }
    },
  }
}

/** The descriptor under a socket; where the system has none (Windows), nothing here blocks, and rules begin a little later. */
function getFd(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null }
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined
}
