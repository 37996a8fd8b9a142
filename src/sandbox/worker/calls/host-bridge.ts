import { HostCallError } from '../../net/worker/host-call-error.ts'
import type { GuestResult, HostCall } from '../../wire/guest-contract.ts'
import type { HostBridgeCallback } from '../isolate/isolate.ts'
import type { RealmLease, Run } from '../run/run.ts'
import { type OpStarterOptions, createOpStarter, isUnderWay, isSocketOp } from './op-starter.ts'

/** The host's side of the bridge to one realm. */
export type HostBridge = (lease: RealmLease) => HostBridgeCallback

export interface HostBridgeOptions extends OpStarterOptions {
  /** Answers at once; throws if the input is bad. */
  readonly ask: (name: string, input: string, run: Run) => string
  /** Asks the test that runs the rules, and blocks until it answers; absent if no test does. */
  readonly askTest?: ((run: Run, body: string) => string) | undefined
  /** An entry for another run has finished this one. */
  readonly onOtherFinished: (run: Run) => void
}

type CallHandler = (lease: RealmLease, a: string | number, b: string, c?: string) => string | number | undefined

/**
 * Serves the realms of one isolate.
 *
 * Rules can share promises and functions on `global`, so an entry for one run may run code of another:
 * - The end of a rule counts for the run that has the realm it is reported from.
 * - An op may be awaited by that run or by the active one. It is unknown which, so both wait for it.
 */
export function createHostBridge(options: HostBridgeOptions): HostBridge {
  const { getActiveRuns, pendingOps, onOtherFinished } = options
  const opStarter = createOpStarter(options)
  const findRunning = (run: Run | undefined): Run | undefined =>
    isUnderWay(run) ? run : getActiveRuns().find(isUnderWay)
  const answerAsk = createAskHandler(options, findRunning)

  /**
   * Whether a run that has ended may still send a request. HTTP clients send in a later turn. If the last rule does not wait
   * for its request, the request comes after the end of the run.
   */
  function canStillFetch(run: Run | undefined): run is Run {
    return run?.hasSucceeded === true && getActiveRuns().includes(run)
  }

  const handlers: Readonly<Record<HostCall, CallHandler>> = {
    report({ run }, _, report) {
      run?.reportRule(report)
      return undefined
    },
    finish({ run }, after, result, report = '') {
      if (report !== '') run?.reportRule(report)
      run?.finish(String(after), result === '' ? successResult : (JSON.parse(result) as GuestResult))
      return undefined
    },
    log({ run }, level, line) {
      findRunning(run)?.log(String(level), line)
      return undefined
    },
    op: (lease, name, input) => opStarter.start({ lease, name: String(name), input }),
    cancel(_, op) {
      pendingOps.cancel(Number(op))
      return undefined
    },
    ask: answerAsk,
  }

  return (lease) => (call, a, b, c) => {
    const { run } = lease
    const wasRunning = isUnderWay(run)
    try {
      if (!wasRunning && canStillFetch(run) && call === 'op' && a === 'fetch') {
        return opStarter.startFor(run, new Set([run]), { lease, name: a, input: b })
      }
      if (!wasRunning && !getActiveRuns().some(isUnderWay)) return encodeError(new Error('the login is over'))
      return handlers[call as HostCall]?.(lease, a, b, c)
    } catch (error) {
      return encodeError(error)
    } finally {
      if (wasRunning && run.isFinished && run !== getActiveRuns()[0]) onOtherFinished(run)
    }
  }
}

/** The result that an empty text stands for. */
const successResult: GuestResult = { status: 'ok', isDelta: true }

function createAskHandler(
  { getActiveRuns, services, ask, askTest }: HostBridgeOptions,
  findRunning: (run: Run | undefined) => Run | undefined,
): CallHandler {
  return ({ run }, callName, input) => {
    const name = String(callName)
    const activeRun = findRunning(run)
    // No code runs if no run is under way: `createHostBridge` has refused the call.
    if (activeRun === undefined) throw new Error('the login is over')
    // The timeout of an entry does not count while the host works, so the host checks the CPU.
    if (activeRun.budget.isExhausted()) throw new HostCallError('LIMIT_EXCEEDED', 'the rule has used up its CPU')
    if (isSocketOp(name)) return services.callSocketSync(name, input, [run, ...getActiveRuns()].filter(isUnderWay))
    if (name !== 'stub' || askTest === undefined) return ask(name, input, activeRun)
    services.markSideEffect(activeRun)
    return activeRun.runUnmetered(() => askTest(activeRun, input))
  }
}

/** Encodes an error as a text, because nothing may be thrown into an isolate. The guest makes its own error from it. */
export function encodeError(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message: string }
  return `!${JSON.stringify({ ...(name === 'TypeError' ? { name } : {}), ...(code === undefined ? {} : { code }), message })}`
}
