import { CommanderError, InvalidArgumentError, Option } from 'commander'
import { type ValueKind, valueKinds } from './value-kind.ts'

interface FlagSettings {
  /** Default: a flag without a value. */
  readonly kind?: ValueKind
  readonly defaultValue?: unknown
  readonly isRepeatable?: boolean
  /** Whether the command line or the configuration file has to have it. */
  readonly isRequired?: boolean
  /** Whether the configuration file may have it. Default true. */
  readonly isConfigurable?: boolean
  /** Names of flags, in camel case, that cannot be used with it. */
  readonly conflictsWith?: readonly string[]
  /** The environment variable that is read if the command line has no such flag. If it is empty, it counts as not set. */
  readonly environmentVariable?: string
}

/** A flag of a command: an option of commander that knows what its value has to be, and is given once unless it repeats. */
export class Flag extends Option {
  readonly kind: ValueKind
  readonly isRepeatable: boolean
  readonly isRequired: boolean
  readonly isConfigurable: boolean
  /** The flags that cannot be used with it, in camel case. */
  readonly conflictingKeys: readonly string[]
  #isGiven = false

  constructor(flags: string, description: string, settings: FlagSettings = {}) {
    super(flags, description)
    this.kind = settings.kind ?? valueKinds.onOff
    this.isRepeatable = settings.isRepeatable ?? false
    this.isRequired = settings.isRequired ?? false
    this.isConfigurable = settings.isConfigurable ?? true
    if (settings.kind === undefined) this.preset('true')
    if (settings.defaultValue !== undefined) this.default(settings.defaultValue)
    this.conflictingKeys = settings.conflictsWith ?? []
    this.conflicts([...this.conflictingKeys])
    const variable = settings.environmentVariable
    if (variable !== undefined && process.env[variable] !== '') this.env(variable)
    this.argParser((text, previous: unknown) => this.#read(text, previous))
  }

  #read(text: string, previous: unknown): unknown {
    if (text.startsWith('--')) throw new CommanderError(2, 'claimsmith.noValue', `${this.long} needs a value`)
    if (this.#isGiven && !this.isRepeatable) {
      throw new CommanderError(2, 'claimsmith.twice', `${this.long} is given twice; give it once`)
    }
    const value = this.kind.parse(text)
    if (value === undefined) throw new InvalidArgumentError(`give ${this.kind.expected}`)
    const values = this.#isGiven ? (previous as unknown[]) : []
    this.#isGiven = true
    return this.isRepeatable ? [...values, value] : value
  }
}
