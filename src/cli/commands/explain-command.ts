import { createEngine } from '../../engine/engine.ts'
import { dryRunLogin } from '../../login/run/dry-run-login.ts'
import { createStoredRuleSource } from '../../login/run/stored-rule-source.ts'
import type { User } from '../../profile/user/user.ts'
import { type Explanation, explain } from '../../recording/replay/explain.ts'
import { readRecording, decodeRecordedLogin } from '../../recording/format/read-recording.ts'
import { createRedactor } from '../../recording/redaction/redactor.ts'
import { openStore } from '../../store/open.ts'
import { parseStoreUrl } from '../../store/store-url.ts'
import type { Store } from '../../store/contract/store.ts'
import { assertPath } from '../flags/assert-path.ts'
import { assertRecording } from '../flags/assert-recording.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { describeExplanation } from '../print/print-explanation.ts'
import { UsageError } from '../usage-error.ts'

export interface ExplainFlags {
  readonly user?: string
  readonly store?: string
  readonly rules?: string
  readonly modules?: string
  readonly json?: boolean
}

/** `claimsmith explain`: shows where each attribute and claim comes from; resolves to the exit code. */
export async function runExplainCommand(recording: string | undefined, flags: ExplainFlags): Promise<number> {
  const explanation = recording === undefined ? await explainUser(flags) : explainRecording(recording)
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(explanation, undefined, 2)}\n` : describeExplanation(explanation),
  )
  return explanation.outcome === 'error' ? 1 : 0
}

function explainRecording(file: string): Explanation {
  assertPath('file', file)
  assertRecording(file)
  const recording = readRecording(file)
  return explain(recording.outcome, decodeRecordedLogin(recording).user)
}

/** Runs the rules over a user of the store. Nothing is saved. */
async function explainUser({ user: idOrEmail, store: url, rules, modules }: ExplainFlags): Promise<Explanation> {
  if (idOrEmail === undefined)
    throw new UsageError('explain needs <recording>, or --user <id|email> with --store <url>')
  if (url === undefined) throw new UsageError('explain needs --store <url> with --user')
  if (rules !== undefined) assertPath('file or folder', rules, '--rules')
  assertStoreFile(url)
  const modulesFolder = resolveModulesFolder(modules)
  const store = await openStore(url)
  try {
    const user = await findUser(store, idOrEmail)
    const engine = createEngine({
      rules: rules ?? [],
      ruleSource: await createStoredRuleSource(store),
      snapshots: false,
      limits: { workers: 1 },
      ...modulesFolder,
    })
    try {
      const { outcome, raw } = await dryRunLogin(user, { store, engine, tenant: 'localhost' })
      const redactor = createRedactor([])
      return redactor.redact(explain(outcome, raw))
    } finally {
      await engine.close()
    }
  } finally {
    await store.close()
  }
}

/** A file that is not there would be created, and have no users. */
function assertStoreFile(url: string): void {
  const location = parseStoreUrl(url)
  if (location?.kind === 'sqlite') assertPath('file', location.path, '--store')
}

async function findUser(store: Store, idOrEmail: string): Promise<User> {
  const [byId, byEmail] = [await store.users.get(idOrEmail), await store.users.findByEmail(idOrEmail)]
  const [match, ...others] = byId === undefined ? byEmail : [byId]
  if (match === undefined) throw new UsageError(`--user ${idOrEmail}: the store has no user with this id or address`)
  if (others.length > 0) {
    const ids = byEmail.map((user) => user.user_id).join(', ')
    throw new UsageError(`--user ${idOrEmail}: several users have this address; give one of their ids: ${ids}`)
  }
  return match
}
