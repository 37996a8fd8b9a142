/** The auth servers that there is a hook for. This file imports nothing, so that the command line can list them at once. */
export const hookVendors = ['hydra', 'zitadel', 'okta', 'supabase', 'logto'] as const

/** An auth server that calls an HTTP hook while it issues tokens. */
export type HookVendor = (typeof hookVendors)[number]
