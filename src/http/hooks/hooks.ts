import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { oauthError } from '../../login/result/result.ts'
import type { Handler } from '../handler.ts'
import { toErrorResponse } from '../respond.ts'
import { type HookOptions, createHookHandler } from './hook-handler.ts'
import { hydra } from './hydra.ts'
import { logto } from './logto.ts'
import { okta } from './okta.ts'
import { supabase } from './supabase.ts'
import { zitadel } from './zitadel.ts'

/** Each vendor's hook, as a function from its options to a handler. */
const vendors = {
  hydra: (options: HookOptions): Handler => createHookHandler(hydra, options),
  zitadel: (options: HookOptions): Handler => createHookHandler(zitadel, options),
  okta: (options: HookOptions): Handler => createHookHandler(okta, options),
  supabase: (options: HookOptions): Handler => createHookHandler(supabase, options),
  logto: (options: HookOptions): Handler => createHookHandler(logto, options),
}

/** An auth server that calls out over HTTP while it makes tokens. */
export type HookVendor = keyof typeof vendors

export const hookVendors: readonly HookVendor[] = Object.keys(vendors) as HookVendor[]

export interface HooksOptions extends Omit<HookOptions, 'secret'> {
  /** The secret of each auth server that may call; the others find nothing. */
  readonly secrets: Readonly<Partial<Record<HookVendor, string>>>
}

/**
 * Serves the hooks of several auth servers, each at `/hooks/<vendor>`, also below a prefix, as a function from Request to Response.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on a vendor that is not known, and on a secret that can be none
 */
export function createHooks({ secrets, ...options }: HooksOptions): Handler {
  const handlers = new Map(
    Object.entries(secrets).map(([vendor, secret]) => [
      vendor,
      createHook(vendor as HookVendor, { ...options, secret }),
    ]),
  )
  return async (request, connectionInfo) => {
    const { pathname } = new URL(request.url)
    const handler = handlers.get(/\/hooks\/([a-z]+)\/?$/.exec(pathname)?.[1] ?? '')
    if (handler !== undefined) return handler(request, connectionInfo)
    return toErrorResponse(oauthError('not_found', `There is no hook at ${pathname}.`))
  }
}

/**
 * Serves one auth server's hook, at any path.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT on a vendor that is not known, and on a secret that can be none
 */
export function createHook(vendor: HookVendor, options: HookOptions): Handler {
  if (!Object.hasOwn(vendors, vendor)) {
    const message = `There is no hook for ${vendor}; there are ${hookVendors.join(', ')}.`
    throw new ClaimsmithError('INVALID_ARGUMENT', message)
  }
  return vendors[vendor](options)
}
