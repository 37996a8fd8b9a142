import { resolve as resolvePath } from 'node:path'
import { parseArgs } from 'node:util'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import { isFile, isFolder } from '../../rules/folder/folder-files.ts'
import { parseAllowedAddresses } from './parse-allowed-addresses.ts'
import { resolveModulesFolder } from './resolve-modules-folder.ts'
import { parsePort } from './parse-port.ts'
import { readJsonObject, readTexts } from './read-json.ts'
import { createSampleContext, createSampleUser } from './sample-login.ts'
import { createSampleLogins } from './create-sample-logins.ts'
import { UsageError } from '../print/usage.ts'

/** The checked flags of `claimsmith dev`. */
export interface DevSettings {
  /** The folder or file of the rules, as it was written. */
  readonly rules: string
  readonly port: number
  readonly allow: readonly string[]
  readonly configuration: Readonly<Record<string, string>> | undefined
  readonly secrets: Readonly<Record<string, string>> | undefined
  /** A folder in which rules find more packages than those beside them. */
  readonly modulesFolder: string | undefined
  /** Files other than rules that run the rules again when they change. */
  readonly loginFiles: readonly string[]
  /** Reads the files of logins at each call. @throws {UsageError} if one is not a JSON object */
  readLogins(): readonly LoginInput[]
}

/** Reads the arguments and the environment. @throws {UsageError} if one is wrong; it says what would be right */
export function parseDevSettings(args: string[], environment: NodeJS.ProcessEnv): DevSettings {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      user: { type: 'string', multiple: true, default: [] },
      context: { type: 'string', multiple: true, default: [] },
      configuration: { type: 'string' },
      secrets: { type: 'string' },
      modules: { type: 'string' },
      port: { type: 'string' },
      'allow-network': { type: 'string', multiple: true },
    },
  })
  const [rules, ...more] = positionals
  if (rules === undefined || more.length > 0) throw new UsageError('dev takes one file or folder of rules')
  if (!isFolder(rules) && !isFile(rules)) throw new UsageError(`${rules}: there is no such file or folder of rules`)
  const { user, context, configuration, secrets } = values
  return {
    rules,
    port: parsePort(values.port, environment['PORT']),
    allow: parseAllowedAddresses(values['allow-network']),
    configuration: configuration === undefined ? undefined : readTexts(configuration, '--configuration'),
    secrets: secrets === undefined ? undefined : readTexts(secrets, '--secrets'),
    modulesFolder: resolveModulesFolder(values.modules).modulesFolder,
    loginFiles: [...user, ...context].map((file) => resolvePath(file)),
    readLogins: createLoginReader(user, context),
  }
}

/** Combines every user with every context. Without files, the logins are the built-in ones. */
function createLoginReader(userFiles: readonly string[], contextFiles: readonly string[]): () => readonly LoginInput[] {
  const samples = createSampleLogins()
  const [user, context] = [createSampleUser(), createSampleContext()]
  if (userFiles.length === 0 && contextFiles.length === 0) return () => samples
  return () => {
    const users = userFiles.length === 0 ? [user] : userFiles.map((file) => readJsonObject(file, '--user'))
    const contexts = contextFiles.map((file) => ({ ...context, ...readJsonObject(file, '--context') }))
    return users.flatMap((loginUser) =>
      (contexts.length === 0 ? [context] : contexts).map((loginContext) => ({
        user: loginUser,
        context: loginContext,
      })),
    )
  }
}
