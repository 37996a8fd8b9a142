import { queryObjects } from 'node:v8'
import { LRUCache } from '../../cache/lru-cache.ts'
import type { FromWorker, Program } from '../wire/protocol.ts'
import type { SandboxLimits } from '../wire/limits.ts'
import type { RunParams } from './run/run.ts'
import type { Runner } from './run/runner.ts'

export interface RunnerCacheOptions {
  readonly limits: SandboxLimits
  readonly createRunner: (program: Program) => Runner
  readonly post: (message: FromWorker) => void
}

/** Above this part of its memory limit, a worker evicts a ruleset for each new one. */
const evictionThreshold = 0.6

/**
 * The runners of a worker, one for each ruleset. A runner is in one of three states:
 * - active: it is in the cache and gets new runs;
 * - retired: the cache has evicted it, and it keeps its isolate until its last run is over;
 * - disposed.
 */
export class RunnerCache {
  readonly #options: RunnerCacheOptions
  readonly #active: LRUCache<string, Runner>
  readonly #retired = new Set<Runner>()
  /** By hash of a ruleset, the runs that wait until the parent has sent it. */
  readonly #runsByHash = new Map<string, RunParams[]>()

  constructor(options: RunnerCacheOptions) {
    this.#options = options
    this.#active = new LRUCache<string, Runner>({
      max: options.limits.maxIsolates,
      dispose: (runner) => this.#retire(runner),
    })
  }

  /** Runs a ruleset. If this worker does not have it, it asks the parent for it. */
  run(hash: string, params: RunParams): void {
    const runner = this.#active.get(hash)
    if (runner !== undefined) {
      runner.run(params)
      return
    }
    const waitingRuns = this.#runsByHash.get(hash)
    if (waitingRuns !== undefined) {
      waitingRuns.push(params)
      return
    }
    this.#runsByHash.set(hash, [params])
    this.#options.post({ type: 'need', hash })
  }

  /** Creates the runner of a ruleset. The runs that wait for it start with `startWaiting`. */
  add(program: Program): Runner {
    this.#evictIfCrowded()
    const runner = this.#options.createRunner(program)
    this.#active.set(program.hash, runner)
    return runner
  }

  /** Passes a snapshot to the runner of a ruleset, if it still has one. */
  useSnapshot(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#active.peek(hash)?.useSnapshot(bytes)
  }

  startWaiting(hash: string): void {
    const waitingRuns = this.#runsByHash.get(hash) ?? []
    this.#runsByHash.delete(hash)
    for (const params of waitingRuns) this.run(hash, params)
  }

  /** Brings the parent's answer to the runner that asked. */
  settle(op: number, ok: boolean, body: string): void {
    for (const runner of [...this.#active.values(), ...this.#retired]) runner.settle(op, ok, body)
  }

  /** Disposes retired runners whose last run is over. */
  disposeIdle(): void {
    for (const runner of this.#retired) {
      if (!runner.isIdle) continue
      this.#retired.delete(runner)
      setImmediate(() => runner.dispose())
    }
  }

  #retire(runner: Runner): void {
    if (runner.isIdle) runner.dispose()
    else this.#retired.add(runner)
  }

  /** Evicts idle rulesets first, so that their memory is not charged to the new ruleset's first run. */
  #evictIfCrowded(): void {
    if (process.memoryUsage.rss() <= evictionThreshold * this.#options.limits.workerRssMb * 2 ** 20) return
    this.#active.pop()
    // Evicted rulesets leave texts and handles. They are small in this heap and large outside of it. `queryObjects` counts
    // the instances of a class, and V8 collects garbage before that. The V8 flag for garbage collection is not used, because
    // it would also apply to the realms.
    queryObjects(LRUCache)
  }
}
