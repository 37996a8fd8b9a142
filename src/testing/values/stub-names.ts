import { types } from 'node:util'
import type { StubOperation } from './perform.ts'

/** Names of the test's values, for the message of an error that one of them threw. */
export interface StubNames {
  /** Primitive values have no name. */
  setName(value: unknown, name: string): void
  getName(value: object): string | undefined
  /** Names the result of an operation after the value that it was performed on: `db.query`, `db.query()`. */
  nameResult(result: unknown, targetName: string, operation: StubOperation): void
  setThrower(error: unknown, name: string): void
  /** Returns the name of the stub that threw an error, or rejected with it. */
  findThrower(error: unknown): string | undefined
}

export function createStubNames(): StubNames {
  const names = new Map<object, string>()
  const throwers = new Map<unknown, string>()

  return {
    setName(value, name) {
      if (isObject(value)) names.set(value, name)
    },
    getName: (value) => names.get(value),
    nameResult(result, targetName, operation) {
      if (!isObject(result) || names.has(result)) return
      if (operation.do === 'get') names.set(result, `${targetName}.${operation.key}`)
      else if (types.isPromise(result)) names.set(result, targetName)
      else if (operation.do === 'call' || operation.do === 'new') names.set(result, `${targetName}()`)
    },
    setThrower(error, name) {
      throwers.set(error, name)
    },
    findThrower: (error) => throwers.get(error),
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
