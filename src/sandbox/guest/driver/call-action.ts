import type { Flow } from '../../wire/flow.ts'
import { credentialsExchangeApi } from '../actions/credentials-exchange-api.ts'
import { credentialsExchangeEvent, postLoginEvent } from '../actions/event.ts'
import { postLoginApi } from '../actions/post-login-api.ts'
import type { ActionRun, Members } from '../actions/run.ts'
import { promiseOf } from './call-rule.ts'
import { type Failure, denied, failed, thrown } from './failure.ts'
import type { Host, RealmOptions } from '../../wire/guest-contract.ts'
import { clonePlain } from '../../wire/json.ts'
import type { Ops } from './ops.ts'
import { apply, chain, create } from '../../wire/primordials.ts'
import type { EndTurn, Login, Turn } from './turn.ts'

/** What an action is called with: the login live, which `api` writes to, and as data, which `event` is made of. */
export interface ActionCall {
  readonly login: Login
  readonly snapshot: { readonly user: Members; readonly context: Members }
  readonly flow: Flow | undefined
  readonly saved: ActionRun['saved']
  readonly end: EndTurn
}

export type CallAction = (main: unknown, turn: Turn, call: ActionCall) => void

/** Calls the handler of an action; the turn ends when its promise is settled. */
export function createCallAction(host: Host, ops: Ops, { rules, trigger }: RealmOptions): CallAction {
  function wasExecuted(name: unknown): boolean {
    for (let index = 0; index < rules.length; index++) {
      if (rules[index]!.kind === 'rule' && rules[index]!.name === name) return true
    }
    return false
  }

  return (main, turn, { login, snapshot, flow, saved, end }) => {
    const { name, filename, secrets } = rules[turn.index]!
    const { user, context } = snapshot
    const continues = flow?.continues === name
    const protocol = flow?.protocol ?? (context['protocol'] as string | undefined)
    const facts = { secrets, protocol, asked: flow?.asked as Members | undefined }
    const isExchange = trigger === 'credentials-exchange'
    const handlerName = isExchange
      ? 'onExecuteCredentialsExchange'
      : continues
        ? 'onContinuePostLogin'
        : 'onExecutePostLogin'
    const handler = handlerOf(main, handlerName)
    if (typeof handler !== 'function') {
      end(turn, failed('RULE_SYNTAX', `the action exports no function ${handlerName}`))
      return
    }
    let refusal: Failure | undefined
    const warned = create(null) as Record<string, true>
    const event = isExchange ? credentialsExchangeEvent(context, facts) : postLoginEvent(user, context, facts)
    const run: ActionRun = {
      turn,
      login,
      event,
      request: clonePlain(context['request'] ?? {}) as Members,
      protocol,
      flow: continues ? flow : undefined,
      trigger,
      ops,
      saved,
      wasExecuted,
      refuse(reason, code) {
        refusal = denied(reason, code)
      },
      warn(member) {
        if (warned[member] !== true) host('log', 'warn', `api.${member} has no effect here: an outcome cannot carry it`)
        warned[member] = true
      },
    }
    const returned: unknown = apply(handler, undefined, [
      event,
      isExchange ? credentialsExchangeApi(run) : postLoginApi(run),
    ])
    if (typeof returned !== 'object' || returned === null) {
      end(turn, refusal)
      return
    }
    void chain(
      promiseOf(returned),
      () => end(turn, refusal),
      (reason) => end(turn, thrown(reason, filename)),
    )
  }
}

/** Runs the action's text as the body of a CommonJS module. */
function handlerOf(main: unknown, name: string): unknown {
  const module: { exports: unknown } = { exports: {} }
  const { exports } = module
  if (typeof main === 'function') apply(main, exports, [module, exports])
  const found = module.exports as Record<string, unknown> | null | undefined
  return found?.[name]
}
