import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { oauthError } from '../../login/result/result.ts'
import type { Handler } from '../handler.ts'
import { toErrorResponse } from '../respond.ts'
import { type HookOptions, createHookHandler } from './hook-handler.ts'
import { type HookVendor, hookVendors } from './hook-vendors.ts'
import { hydra } from './hydra.ts'
import { logto } from './logto.ts'
import { okta } from './okta.ts'
import { supabase } from './supabase.ts'
import { zitadel } from './zitadel.ts'

const vendors = {
  hydra: (options: HookOptions): Handler => createHookHandler(hydra, options),
  zitadel: (options: HookOptions): Handler => createHookHandler(zitadel, options),
  okta: (options: HookOptions): Handler => createHookHandler(okta, options),
  supabase: (options: HookOptions): Handler => createHookHandler(supabase, options),
  logto: (options: HookOptions): Handler => createHookHandler(logto, options),
} satisfies Record<HookVendor, (options: HookOptions) => Handler>

export interface HooksOptions extends Omit<HookOptions, 'secret'> {
  /** The secret of each auth server that may call; the hooks of the others are 404. */
  readonly secrets: Readonly<Partial<Record<HookVendor, string>>>
}

/**
 * Creates a handler for the hooks of several auth servers, each at `/hooks/<vendor>`, also below a prefix.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if a vendor is unknown, or if a secret does not have the vendor's format
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
 * Creates a handler for one auth server's hook, at any path.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the vendor is unknown, or if the secret does not have the vendor's format
 */
export function createHook(vendor: HookVendor, options: HookOptions): Handler {
  if (!Object.hasOwn(vendors, vendor)) {
    const message = `There is no hook for ${vendor}; there are ${hookVendors.join(', ')}.`
    throw new ClaimsmithError('INVALID_ARGUMENT', message)
  }
  return vendors[vendor](options)
}
