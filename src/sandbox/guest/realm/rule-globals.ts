import { Buffer } from 'buffer'
import type { Ops } from '../driver/ops.ts'
import { defineProperty, freeze, keys } from '../../wire/primordials.ts'
import { createAbort } from '../web/abort.ts'
import { clone } from '../web/clone.ts'
import { createFetch } from '../web/fetch.ts'
import { Blob, FormData } from '../web/form-data.ts'
import type { SearchParams } from '../web/search-params.ts'
import { createText } from '../web/text.ts'
import { createTimers } from '../web/timers.ts'
import { createUrl } from '../web/url.ts'
import type { Modules } from './modules.ts'
import { createRuleErrors } from './rule-errors.ts'

interface GlobalsInput {
  readonly console: unknown
  readonly search: SearchParams
  /** Gets what a callback of the rule threw. */
  readonly onThrow: (error: unknown) => void
}

/** The globals of a rule that come from neither JavaScript nor a module. */
export function createRuleGlobals(ops: Ops, { console, search, onThrow }: GlobalsInput): Record<string, unknown> {
  return {
    console,
    Buffer,
    URL: createUrl(ops, search),
    URLSearchParams: search.URLSearchParams,
    structuredClone: clone,
    Blob,
    FormData,
    ...createText(),
    ...createAbort(ops),
    ...createFetch(ops),
    ...createTimers(ops, onThrow),
    ...createRuleErrors(),
  }
}

/** Defines the globals of modules; reading one whose module did not start throws why. */
export function defineModuleGlobals({ globals, brokenGlobals }: Modules): void {
  for (const name of keys(globals)) defineGlobal(name, globals[name])
  for (const name of keys(brokenGlobals)) {
    const get = freeze(brokenGlobals[name]!)
    defineProperty(globalThis, name, { get, enumerable: false, configurable: false })
  }
}

export function defineGlobal(name: string, value: unknown): void {
  defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true })
}
