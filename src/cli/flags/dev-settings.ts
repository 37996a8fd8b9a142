import { resolve as resolvePath } from 'node:path'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import { assertPath } from './assert-path.ts'
import { createSampleLogins } from './create-sample-logins.ts'
import { parseAllowedAddresses } from './parse-allowed-addresses.ts'
import { readLogin } from './read-login.ts'
import { readValueFiles } from './read-value-files.ts'
import { resolveModulesFolder } from './resolve-modules-folder.ts'

export interface DevFlags {
  readonly user?: readonly string[]
  readonly context?: readonly string[]
  readonly configuration?: string
  readonly secrets?: string
  readonly modules?: string
  readonly port: number
  readonly allowNetwork?: readonly string[]
}

/** What the flags of `claimsmith dev` stand for. */
export interface DevSettings {
  readonly port: number
  readonly allow: readonly string[]
  readonly configuration?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
  /** A folder in which rules find more packages than those beside them. */
  readonly modulesFolder?: string
  /** Files other than rules that run the rules again when they change. */
  readonly loginFiles: readonly string[]
  /** Reads the files of logins at each call. @throws {UsageError} if one is not a JSON object */
  readLogins(): readonly LoginInput[]
}

/** Reads what the flags name. @throws {UsageError} if something is wrong; it says what would be right */
export function readDevSettings(rules: string, flags: DevFlags): DevSettings {
  assertPath('file or folder', rules)
  const { user = [], context = [], port } = flags
  for (const file of user) assertPath('file', file, '--user')
  for (const file of context) assertPath('file', file, '--context')
  return {
    port,
    allow: parseAllowedAddresses(flags.allowNetwork),
    ...readValueFiles(flags),
    ...resolveModulesFolder(flags.modules),
    loginFiles: [...user, ...context].map((file) => resolvePath(file)),
    readLogins: createLoginReader(user, context),
  }
}

/** Combines every user with every context. Without files, the logins are the built-in ones. */
function createLoginReader(userFiles: readonly string[], contextFiles: readonly string[]): () => readonly LoginInput[] {
  const samples = createSampleLogins()
  if (userFiles.length === 0 && contextFiles.length === 0) return () => samples
  const users = userFiles.length === 0 ? [{}] : userFiles.map((user) => ({ user }))
  const contexts = contextFiles.length === 0 ? [{}] : contextFiles.map((context) => ({ context }))
  return () => users.flatMap((user) => contexts.map((context) => readLogin({ ...user, ...context })))
}
