import type { ResumePoint } from '../../wire/resume-point.ts'
import { createCredentialsExchangeApi } from '../actions/credentials-exchange-api.ts'
import { createCredentialsExchangeEvent, createPostLoginEvent } from '../actions/event.ts'
import { createPostLoginApi } from '../actions/post-login-api.ts'
import type { ActionRun, Members } from '../actions/run.ts'
import { toPromise } from './call-rule.ts'
import { type GuestFailure, createDenial, createFailure, toGuestFailure } from './guest-failure.ts'
import type { Host, RealmOptions } from '../../wire/guest-contract.ts'
import { clonePlain } from '../../wire/json.ts'
import type { Ops } from './ops.ts'
import { apply, chain, create } from '../../wire/primordials.ts'
import type { EndRuleRun, RuleRun } from './driver-state.ts'
import type { LiveLogin } from './rule-scope.ts'

/** The input of an action: the live login, which `api` writes to, and its data, from which `event` is built. */
export interface ActionCall {
  readonly login: LiveLogin
  readonly snapshot: { readonly user: Members; readonly context: Members }
  readonly resumePoint: ResumePoint | undefined
  readonly savedKeys: ActionRun['savedKeys']
  readonly end: EndRuleRun
}

export type CallAction = (main: unknown, ruleRun: RuleRun, call: ActionCall) => void

/** Calls the handler of an action, which ends when its promise settles. */
export function createCallAction(host: Host, ops: Ops, { rules, trigger }: RealmOptions): CallAction {
  function wasExecuted(name: unknown): boolean {
    for (let index = 0; index < rules.length; index++) {
      if (rules[index]!.kind === 'rule' && rules[index]!.name === name) return true
    }
    return false
  }

  return (main, ruleRun, { login, snapshot, resumePoint, savedKeys, end }) => {
    const { name, filename, secrets } = rules[ruleRun.index]!
    const { user, context } = snapshot
    const isContinuation = resumePoint?.action === name
    const protocol = resumePoint?.protocol ?? (context['protocol'] as string | undefined)
    const input = { secrets, protocol, originalRequest: resumePoint?.originalRequest as Members | undefined }
    const isExchange = trigger === 'credentials-exchange'
    const handlerName = isExchange
      ? 'onExecuteCredentialsExchange'
      : isContinuation
        ? 'onContinuePostLogin'
        : 'onExecutePostLogin'
    const handler = loadHandler(main, handlerName)
    if (typeof handler !== 'function') {
      end(ruleRun, createFailure('RULE_SYNTAX', `the action exports no function ${handlerName}`))
      return
    }
    let denial: GuestFailure | undefined
    const warnedMembers = create(null) as Record<string, true>
    const event = isExchange
      ? createCredentialsExchangeEvent(context, input)
      : createPostLoginEvent(user, context, input)
    const run: ActionRun = {
      ruleRun,
      login,
      event,
      request: clonePlain(context['request'] ?? {}) as Members,
      protocol,
      resumePoint: isContinuation ? resumePoint : undefined,
      trigger,
      ops,
      savedKeys,
      wasExecuted,
      deny(reason, code) {
        denial = createDenial(reason, code)
      },
      warn(member) {
        if (warnedMembers[member] !== true)
          host('log', 'warn', `api.${member} has no effect here: an outcome cannot carry it`)
        warnedMembers[member] = true
      },
    }
    const result: unknown = apply(handler, undefined, [
      event,
      isExchange ? createCredentialsExchangeApi(run) : createPostLoginApi(run),
    ])
    if (typeof result !== 'object' || result === null) {
      end(ruleRun, denial)
      return
    }
    void chain(
      toPromise(result),
      () => end(ruleRun, denial),
      (reason) => end(ruleRun, toGuestFailure(reason, filename)),
    )
  }
}

/** Runs an action's text as the body of a CommonJS module, and returns the handler. */
function loadHandler(main: unknown, name: string): unknown {
  const module: { exports: unknown } = { exports: {} }
  const { exports } = module
  if (typeof main === 'function') apply(main, exports, [module, exports])
  const handlers = module.exports as Record<string, unknown> | null | undefined
  return handlers?.[name]
}
