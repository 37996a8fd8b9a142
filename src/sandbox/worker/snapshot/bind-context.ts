import ivm from 'isolated-vm'

const asReference = { reference: true } as const

/** What makes a context from a snapshot a realm. */
interface RealmBinding {
  readonly callHost: ConstructorParameters<typeof ivm.Callback>[0]
  /** The JSON of a `RealmOptions`. */
  readonly optionsText: string
  /** The ruleset's `global`; the first realm of an isolate makes one. */
  readonly shared: ivm.Reference | undefined
  readonly rules: readonly ivm.Script[]
  readonly timeoutMs: number
}

const bindName = 'claimsmithBind'

/** Makes a context from a snapshot a realm: closes what V8 opens in each context, and binds the host. */
export function bindContext(context: ivm.Context, binding: RealmBinding): ivm.Reference {
  const { callHost, optionsText, shared, rules, timeoutMs } = binding
  const factories = rules.map((rule) => rule.runSync(context, asReference))
  const bind = context.global.getSync(bindName, asReference)
  const realm = bind.applySync(
    undefined,
    [new ivm.Callback(callHost), optionsText, shared?.derefInto(), ...factories.map((factory) => factory.derefInto())],
    { result: { reference: true }, timeout: timeoutMs },
  ) as ivm.Reference
  for (const reference of [bind, ...factories]) reference.release()
  return realm
}

/** Removes what `bindContext` would call, from a context that is used for something else. */
export function removeBinding(context: ivm.Context): void {
  context.global.deleteSync(bindName)
}
