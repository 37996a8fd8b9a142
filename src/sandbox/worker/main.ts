import { queryObjects } from 'node:v8'
import { LRUCache } from 'lru-cache'
import type { FromWorker, Program, ToWorker, WorkerOptions } from '../wire/protocol.ts'
import { createWorkerClock } from './run/clock.ts'
import { createEmbedderFetch } from '../net/worker/embedder-fetch.ts'
import { endProcess } from './end-process.ts'
import type { RunParams } from './run/run.ts'
import type { RuleFetch } from '../net/worker/redirects.ts'
import { createGuardedFetch } from '../net/worker/guarded-fetch.ts'
import { createLazySockets, noSockets } from '../net/worker/sockets/lazy-sockets.ts'
import { createNetworkPolicy } from '../net/worker/network-policy.ts'
import { type Outbox, createOutbox } from '../wire/outbox.ts'
import { type WorkerSyncChannel, openWorkerSyncChannel } from './worker-sync-channel.ts'
import { createOutboundQuota } from '../net/worker/outbound-quota.ts'
import { createRunner } from './run/runner.ts'
import type { Runner } from './run/runner-options.ts'
import { createHostServices } from './calls/host-services.ts'

/** From this part of its memory on, a worker lets go of a ruleset for each new one. */
const evictionThreshold = 0.6

/** The worker process: takes logins from its parent, one runner for each ruleset. */
function startWorker(
  { limits, network, hasCoverage, hasInspector }: WorkerOptions,
  outbox: Outbox<FromWorker>,
  channel: WorkerSyncChannel | undefined,
): (message: ToWorker) => void {
  const clock = createWorkerClock()
  let lastOp = 0
  const allocateOpId = (): number => ++lastOp
  const embedderFetch =
    network.hasFetch === true ? createEmbedderFetch({ limits, post: postNow, allocateOpId }) : undefined
  const policy = createNetworkPolicy(network)
  let guardedFetch: RuleFetch | undefined
  const quota = createOutboundQuota(limits)
  const { nowMs } = clock
  const services = createHostServices({
    fetch: () => embedderFetch?.fetch ?? (guardedFetch ??= createGuardedFetch(policy, limits)),
    sockets: embedderFetch === undefined ? createLazySockets({ policy, limits, quota, nowMs }) : noSockets,
    quota,
    limits,
    post: postNow,
    nowMs,
  })
  const runners = new LRUCache<string, Runner>({
    max: limits.maxIsolates,
    // A runner that falls out of the cache keeps its isolate until its last login is over.
    dispose: (runner) => (runner.isIdle ? runner.dispose() : retiredRunners.add(runner)),
  })
  const retiredRunners = new Set<Runner>()
  /** The runner that a debugger looks into, and what it said before there was one. */
  let inspectedRunner: Runner | undefined
  const queuedDebuggerMessages: (string | undefined)[] = []
  const runsByHash = new Map<string, RunParams[]>()

  function startRun(hash: string, params: RunParams): void {
    const runner = runners.get(hash)
    if (runner !== undefined) {
      runner.run(params)
      return
    }
    const waitingRuns = runsByHash.get(hash)
    if (waitingRuns !== undefined) {
      waitingRuns.push(params)
      return
    }
    runsByHash.set(hash, [params])
    outbox.post({ type: 'need', hash })
  }

  function reportAlive(): void {
    postNow({ type: 'pong' })
  }

  /** What the parent must know before anything happens outside, or has been waiting for elsewhere. */
  function postNow(message: FromWorker): void {
    outbox.post(message)
    outbox.flush()
  }

  function createProgramRunner(program: Program): Runner {
    const onInspected =
      hasInspector === true ? (text: string) => postNow({ type: 'inspected', message: text }) : undefined
    const options = { limits, services, clock, allocateOpId, reportAlive, channel, onInspected }
    const { hash } = program
    if (hasCoverage !== true)
      return createRunner(program, { ...options, outbox: { ...outbox, post: postAndDisposeRetired } })
    const runner = createRunner(program, {
      ...options,
      outbox: {
        ...outbox,
        post(message) {
          // Who knows how a login ended also knows what its rules ran.
          if (message.type !== 'done') postAndDisposeRetired(message)
          else void runner.reportCoverage?.().then(() => postAndDisposeRetired(message))
        },
      },
      onCoverage: (counts) => outbox.post({ type: 'coverage', hash, counts }),
    })
    return runner
  }

  /** What earlier rulesets keep in memory must not be laid to a login of a new one. */
  function evictIfCrowded(): void {
    if (process.memoryUsage.rss() <= evictionThreshold * limits.workerRssMb * 2 ** 20) return
    runners.pop()
    // What is left of rulesets are texts and handles, which weigh little in this heap and much in memory. To count the
    // instances of a class, V8 collects the garbage first; the flag for it would show in the realms, too.
    queryObjects(LRUCache)
  }

  function addProgram(program: Program): void {
    evictIfCrowded()
    const runner = createProgramRunner(program)
    runners.set(program.hash, runner)
    inspectedRunner ??= runner
    for (const debuggerMessage of queuedDebuggerMessages.splice(0)) debug(debuggerMessage)
    const waitingRuns = runsByHash.get(program.hash) ?? []
    runsByHash.delete(program.hash)
    for (const params of waitingRuns) startRun(program.hash, params)
  }

  function debug(debuggerMessage: string | undefined): void {
    if (inspectedRunner === undefined) queuedDebuggerMessages.push(debuggerMessage)
    else inspectedRunner.debug?.(debuggerMessage)
  }

  function postAndDisposeRetired(message: FromWorker): void {
    outbox.post(message)
    if (message.type !== 'done' && message.type !== 'evicted') return
    for (const runner of retiredRunners) {
      if (!runner.isIdle) continue
      retiredRunners.delete(runner)
      setImmediate(() => runner.dispose())
    }
  }

  return (message) => {
    switch (message.type) {
      case 'program':
        addProgram(message.program)
        return
      case 'run':
        startRun(message.hash, message)
        return
      case 'answer':
        if (embedderFetch?.settle(message.op, message.ok, message.body) === true) return
        for (const runner of [...runners.values(), ...retiredRunners])
          runner.settle(message.op, message.ok, message.body)
        return
      case 'inspect':
        debug(message.message)
        return
      case 'ping':
        outbox.post({ type: 'pong' })
        return
      case 'options':
        throw new Error('a worker gets its options once')
    }
  }
}

process.once('disconnect', endProcess)
process.once('message', ([options, ...rest]: [WorkerOptions, ...ToWorker[]]) => {
  const channel =
    options.hasSyncChannel === true ? openWorkerSyncChannel((message) => handleMessage(message)) : undefined
  const outbox = createOutbox<FromWorker>((messages) => {
    if (channel === undefined) process.send?.(messages)
    else for (const message of messages) channel.send(message)
  })
  const handleMessage = startWorker(options, outbox, channel)
  process.on('message', (messages: ToWorker[]) => {
    for (const message of messages) handleMessage(message)
  })
  for (const message of rest) handleMessage(message)
  outbox.post({ type: 'ready' })
})
