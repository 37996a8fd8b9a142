import { queryObjects } from 'node:v8'
import { LRUCache } from 'lru-cache'
import type { FromWorker, Program, ToWorker, WorkerOptions } from '../wire/protocol.ts'
import { createWorkerClock } from './run/clock.ts'
import { createEmbedderFetch } from '../net/worker/embedder-fetch.ts'
import { endProcess } from './end-process.ts'
import type { LoginInput } from './run/login.ts'
import type { RuleFetch } from '../net/worker/follow.ts'
import { createGuardedFetch } from '../net/worker/guarded-fetch.ts'
import { lazySockets, noSockets } from '../net/worker/sockets/lazy-sockets.ts'
import { createNetworkPolicy } from '../net/worker/network-policy.ts'
import { type Outbox, createOutbox } from '../wire/outbox.ts'
import { type WorkerLine, openLine } from './line.ts'
import { createOutbound } from '../net/worker/outbound.ts'
import { createRunner } from './run/runner.ts'
import type { Runner } from './run/runner-options.ts'
import { createServices } from './calls/services.ts'

/** From this part of its memory on, a worker lets go of a ruleset for each new one. */
const crowdedFrom = 0.6

/** The worker process: takes logins from its parent, one runner for each ruleset. */
function startWorker(
  { limits, network, coverage, inspect }: WorkerOptions,
  outbox: Outbox<FromWorker>,
  line: WorkerLine | undefined,
): (message: ToWorker) => void {
  const clock = createWorkerClock()
  let lastOp = 0
  const nextOp = (): number => ++lastOp
  const embedder = network.embedded === true ? createEmbedderFetch({ limits, post: postNow, nextOp }) : undefined
  const policy = createNetworkPolicy(network)
  let guarded: RuleFetch | undefined
  const outbound = createOutbound(limits)
  const { nowMs } = clock
  const services = createServices({
    fetch: () => embedder?.fetch ?? (guarded ??= createGuardedFetch(policy, limits)),
    sockets: embedder === undefined ? lazySockets({ policy, limits, outbound, nowMs }) : noSockets,
    outbound,
    limits,
    post: postNow,
    nowMs,
  })
  const runners = new LRUCache<string, Runner>({
    max: limits.maxIsolates,
    // A runner that falls out of the cache keeps its isolate until its last login is over.
    dispose: (runner) => (runner.idle ? runner.dispose() : retired.add(runner)),
  })
  const retired = new Set<Runner>()
  /** The runner that a debugger looks into, and what it said before there was one. */
  let inspected: Runner | undefined
  const unheard: (string | undefined)[] = []
  const waitingFor = new Map<string, LoginInput[]>()

  function run(hash: string, login: LoginInput): void {
    const runner = runners.get(hash)
    if (runner !== undefined) {
      runner.run(login)
      return
    }
    const waiting = waitingFor.get(hash)
    if (waiting !== undefined) {
      waiting.push(login)
      return
    }
    waitingFor.set(hash, [login])
    outbox.post({ type: 'need', hash })
  }

  function showLife(): void {
    postNow({ type: 'pong' })
  }

  /** What the parent must know before anything happens outside, or has been waiting for elsewhere. */
  function postNow(message: FromWorker): void {
    outbox.post(message)
    outbox.flush()
  }

  function runnerOf(program: Program): Runner {
    const onInspected = inspect === true ? (text: string) => postNow({ type: 'inspected', message: text }) : undefined
    const options = { limits, services, clock, nextOp, showLife, line, onInspected }
    const { hash } = program
    if (coverage !== true) return createRunner(program, { ...options, outbox: { ...outbox, post: postAndForget } })
    const runner = createRunner(program, {
      ...options,
      outbox: {
        ...outbox,
        post(message) {
          // Who knows how a login ended also knows what its rules ran.
          if (message.type !== 'done') postAndForget(message)
          else void runner.reportCoverage?.().then(() => postAndForget(message))
        },
      },
      onCoverage: (counts) => outbox.post({ type: 'coverage', hash, counts }),
    })
    return runner
  }

  /** What earlier rulesets keep in memory must not be laid to a login of a new one. */
  function makeRoom(): void {
    if (process.memoryUsage.rss() <= crowdedFrom * limits.workerRssMb * 2 ** 20) return
    runners.pop()
    // What is left of rulesets are texts and handles, which weigh little in this heap and much in memory. To count the
    // instances of a class, V8 collects the garbage first; the flag for it would show in the realms, too.
    queryObjects(LRUCache)
  }

  function takeProgram(program: Program): void {
    makeRoom()
    const runner = runnerOf(program)
    runners.set(program.hash, runner)
    inspected ??= runner
    for (const said of unheard.splice(0)) debug(said)
    const waiting = waitingFor.get(program.hash) ?? []
    waitingFor.delete(program.hash)
    for (const login of waiting) run(program.hash, login)
  }

  function debug(said: string | undefined): void {
    if (inspected === undefined) unheard.push(said)
    else inspected.debug?.(said)
  }

  function postAndForget(message: FromWorker): void {
    outbox.post(message)
    if (message.type !== 'done' && message.type !== 'lost') return
    for (const runner of retired) {
      if (!runner.idle) continue
      retired.delete(runner)
      setImmediate(() => runner.dispose())
    }
  }

  return (message) => {
    switch (message.type) {
      case 'program':
        takeProgram(message.program)
        return
      case 'run':
        run(message.hash, message)
        return
      case 'answer':
        if (embedder?.answer(message.op, message.ok, message.body) === true) return
        for (const runner of [...runners.values(), ...retired]) runner.answer(message.op, message.ok, message.body)
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
  const line = options.line === true ? openLine((message) => take(message)) : undefined
  const outbox = createOutbox<FromWorker>((messages) => {
    if (line === undefined) process.send?.(messages)
    else for (const message of messages) line.send(message)
  })
  const take = startWorker(options, outbox, line)
  process.on('message', (messages: ToWorker[]) => {
    for (const message of messages) take(message)
  })
  for (const message of rest) take(message)
  outbox.post({ type: 'ready' })
})
