import { push } from '../../wire/primordials.ts'
import type { NativeAccess } from './native-access.ts'

/** What modules ask for while they start. */
export interface ModuleStarts {
  readonly access: Pick<NativeAccess, 'onLogin' | 'share'>
  readonly loginResets: readonly (() => void)[]
  readonly innerFunctions: readonly (() => readonly unknown[])[]
  /** From now on nothing is taken. */
  end(): void
}

export function createModuleStarts(): ModuleStarts {
  const loginResets: (() => void)[] = []
  const innerFunctions: (() => readonly unknown[])[] = []
  let isOpen = true
  return {
    access: {
      onLogin: (reset) => void (isOpen && push(loginResets, reset)),
      share: (list) => void (isOpen && push(innerFunctions, list)),
    },
    loginResets,
    innerFunctions,
    end() {
      isOpen = false
    },
  }
}
