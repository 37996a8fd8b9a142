import { createEmbedderFetch } from '../net/worker/embedder-fetch.ts'
import { createGuardedFetch } from '../net/worker/guarded-fetch.ts'
import { createNetworkPolicy } from '../net/worker/network-policy.ts'
import { createOutboundQuota } from '../net/worker/outbound-quota.ts'
import type { RuleFetch } from '../net/worker/redirects.ts'
import { createLazySockets, noSockets } from '../net/worker/sockets/lazy-sockets.ts'
import { type Outbox, createOutbox } from '../wire/outbox.ts'
import type { FromWorker, Program, ToWorker, WorkerOptions } from '../wire/protocol.ts'
import { createHostServices } from './calls/host-services.ts'
import { endProcess } from './end-process.ts'
import { DebuggerRelay } from './inspect/debugger-relay.ts'
import type { SnapshotRequest } from '../wire/snapshot-messages.ts'
import { makeSnapshot } from './snapshot/make-snapshot.ts'
import { createWorkerClock } from './run/clock.ts'
import type { RunnerOptions } from './run/runner-options.ts'
import { Runner } from './run/runner.ts'
import { RunnerCache } from './runner-cache.ts'
import { sealProcess } from './seal-process.ts'
import { type WorkerSyncChannel, openWorkerSyncChannel } from './worker-sync-channel.ts'

/** What the parts of a worker have in common. */
interface WorkerParts {
  readonly options: WorkerOptions
  readonly outbox: Outbox<FromWorker>
  /** Sends a message at once: the parent must have it before anything happens outside. */
  readonly postNow: (message: FromWorker) => void
  readonly channel: WorkerSyncChannel | undefined
}

/** Starts the worker: it takes runs from its parent, and has a runner for each ruleset. Returns the message handler. */
function startWorker(parts: WorkerParts): (message: ToWorker) => void {
  const { options, outbox, postNow } = parts
  const { limits, network } = options
  let lastOp = 0
  const allocateOpId = (): number => ++lastOp
  const embedderFetch =
    network.hasFetch === true
      ? createEmbedderFetch({ limits, hosts: network.hosts, post: postNow, allocateOpId })
      : undefined
  const runnerOptions = createRunnerOptions(parts, allocateOpId, embedderFetch?.fetch)
  const runners = new RunnerCache({
    limits,
    post: outbox.post,
    createRunner: (program) => createProgramRunner(program, parts, runnerOptions, () => runners.disposeIdle()),
  })
  const debuggerRelay = new DebuggerRelay()

  return (message) => {
    switch (message.type) {
      case 'program':
        debuggerRelay.attach(runners.add(message.program))
        if (message.snapshot !== undefined) runners.useSnapshot(message.program.hash, message.snapshot)
        runners.startWaiting(message.program.hash)
        return
      case 'snapshot':
        runners.useSnapshot(message.hash, message.bytes)
        return
      case 'run':
        runners.run(message.hash, message)
        return
      case 'answer':
        if (embedderFetch?.settle(message.op, message.ok, message.body) !== true)
          runners.settle(message.op, message.ok, message.body)
        return
      case 'inspect':
        debuggerRelay.send(message.message)
        return
      case 'ping':
        outbox.post({ type: 'pong' })
        return
      case 'options':
        throw new Error('a worker gets its options once')
    }
  }
}

function createRunnerOptions(
  { options, outbox, postNow, channel }: WorkerParts,
  allocateOpId: () => number,
  embedderFetch: RuleFetch | undefined,
): RunnerOptions {
  const { limits, network, hasInspector } = options
  const clock = createWorkerClock()
  const { nowMs } = clock
  const policy = createNetworkPolicy(network)
  const quota = createOutboundQuota(limits)
  let guardedFetch: RuleFetch | undefined
  const services = createHostServices({
    fetch: () => embedderFetch ?? (guardedFetch ??= createGuardedFetch(policy, limits, network.proxy)),
    sockets:
      embedderFetch === undefined
        ? createLazySockets({ policy, proxy: network.proxy, limits, quota, nowMs })
        : noSockets,
    quota,
    limits,
    post: postNow,
    nowMs,
  })
  return {
    limits,
    services,
    clock,
    outbox,
    allocateOpId,
    reportAlive: () => postNow({ type: 'pong' }),
    channel,
    onInspected: hasInspector === true ? (text) => postNow({ type: 'inspected', message: text }) : undefined,
  }
}

/** `onExit` is called when a run of the runner is over. */
function createProgramRunner(
  program: Program,
  { options, outbox }: WorkerParts,
  runnerOptions: RunnerOptions,
  onExit: () => void,
): Runner {
  function post(message: FromWorker): void {
    outbox.post(message)
    if (message.type === 'done' || message.type === 'evicted') onExit()
  }

  if (options.hasCoverage !== true) return new Runner(program, { ...runnerOptions, outbox: { ...outbox, post } })
  const runner: Runner = new Runner(program, {
    ...runnerOptions,
    outbox: {
      ...outbox,
      post(message) {
        // The parent has the coverage of a run before its result.
        if (message.type !== 'done') post(message)
        else void runner.reportCoverage?.().then(() => post(message))
      },
    },
    onCoverage: (counts) => outbox.post({ type: 'coverage', hash: program.hash, counts }),
  })
  return runner
}

sealProcess()
process.once('disconnect', endProcess)
process.once('message', ([options, ...rest]: [WorkerOptions | SnapshotRequest, ...ToWorker[]]) => {
  if (options.type === 'make-snapshot') {
    process.send?.(makeSnapshot(options), endProcess)
    return
  }
  const channel =
    options.hasSyncChannel === true ? openWorkerSyncChannel((message) => handleMessage(message)) : undefined
  const outbox = createOutbox<FromWorker>((messages) => {
    if (channel === undefined) process.send?.(messages)
    else for (const message of messages) channel.send(message)
  })
  const postNow = (message: FromWorker): void => {
    outbox.post(message)
    outbox.flush()
  }
  const handleMessage = startWorker({ options, outbox, postNow, channel })
  process.on('message', (messages: ToWorker[]) => {
    for (const message of messages) handleMessage(message)
  })
  for (const message of rest) handleMessage(message)
  outbox.post({ type: 'ready' })
})
