import { isSnapshotAnswer, type SnapshotAnswer, type SnapshotRequest } from '../wire/snapshot-messages.ts'
import { findErrorLine } from './failed-starts.ts'
import { readResidentMemoryMb } from './resources.ts'
import { setChildReferenced, takeChild } from './worker-child.ts'

/** A process that makes one snapshot. It has run no rule. */
export interface SnapshotProcess {
  /** Kills it; `onEnd` is not called any more. */
  kill(): void
}

export interface SnapshotProcessLimits {
  readonly maxMs: number
  readonly maxRssMb: number
}

const checkIntervalMs = 50

/**
 * Starts it, with the flags and permissions of a worker. `onEnd` gets its answer once, or why there is none.
 *
 * Module code can end the process, stall it or fill its memory without an exception: time and memory are watched from here.
 */
export function startSnapshotProcess(
  request: SnapshotRequest,
  { maxMs, maxRssMb }: SnapshotProcessLimits,
  onEnd: (answer: SnapshotAnswer) => void,
): SnapshotProcess {
  const child = takeChild(false)
  let stderr = ''
  let hasEnded = false
  setChildReferenced(child, false)
  const deadline = setTimeout(() => fail(`it took longer than ${maxMs} ms`), maxMs)
  const memoryCheck = setInterval(() => void checkMemory(), checkIntervalMs)
  deadline.unref()
  memoryCheck.unref()

  async function checkMemory(): Promise<void> {
    const usedMb = child.pid === undefined ? undefined : await readResidentMemoryMb(child.pid)
    if (usedMb !== undefined && usedMb > maxRssMb) fail(`it needed more than ${maxRssMb} MB`)
  }

  function stop(): boolean {
    if (hasEnded) return false
    hasEnded = true
    clearTimeout(deadline)
    clearInterval(memoryCheck)
    child.kill('SIGKILL')
    return true
  }

  function end(answer: SnapshotAnswer): void {
    if (stop()) onEnd(answer)
  }

  function fail(reason: string): void {
    end({ type: 'no-snapshot', reason })
  }

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000)
  })
  child.on('message', (answer) => (isSnapshotAnswer(answer) ? end(answer) : fail('its process sent something else')))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (exitCode, signal) => {
    const line = findErrorLine(stderr)
    fail(`a module ended its process (${signal ?? exitCode})${line === '' ? '' : `: ${line}`}`)
  })
  // A failed write means that the process is ending; its exit is reported.
  child.send([request], () => undefined)
  return { kill: () => void stop() }
}
