/**
 * Functions and plain data of the embedder that rules get by `require(name)`. Arguments and results are plain data; a function
 * may return a promise, and what it throws reaches the rule as an error with its name, code and message.
 *
 * @example
 * createEngine({ rules, modules: { crm: { find: async (email) => database.findCustomer(email) } } })
 */
export type HostModules = Readonly<Record<string, HostModule>>

/**
 * One host module: its functions and data by name.
 *
 * @example
 * const crm: HostModule = { find: async (email) => database.findCustomer(email), region: 'eu' }
 */
export interface HostModule {
  readonly [member: string]: HostMember
}

// Rules are JavaScript: the arguments are whatever they pass. With `unknown`, no handler could declare what it expects.
// oxlint-disable-next-line typescript/no-explicit-any
export type HostFunction = (...args: any[]) => unknown

export type HostMember = HostFunction | HostModule | object | string | number | bigint | boolean | null | undefined
