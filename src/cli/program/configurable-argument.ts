import { Argument } from 'commander'
import { type ValueKind, valueKinds } from './value-kind.ts'

/** The argument of a command whose path the configuration file may have, under the name of the argument. */
export class ConfigurableArgument extends Argument {
  readonly kind: ValueKind = valueKinds.path
}
