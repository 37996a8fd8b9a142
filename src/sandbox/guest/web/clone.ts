import structuredClone from '@ungap/structured-clone'
import { createDomError } from './abort.ts'
import { NativeTypeError, indexOfText } from '../../wire/primordials.ts'

/** `structuredClone` (HTML standard), with the standard's `DataCloneError`. */
export function clone(value: unknown): unknown {
  try {
    return structuredClone(value as never)
  } catch (error) {
    const isUncloneable = error instanceof NativeTypeError && indexOfText(error.message, 'unable to serialize') === 0
    throw isUncloneable
      ? createDomError('DataCloneError', `${error.message.slice('unable to serialize '.length)} could not be cloned.`)
      : error
  }
}
