import { parseArgs } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import { dryRunLogin } from '../../login/run/dry-run-login.ts'
import { createStoredRuleSource } from '../../login/run/stored-rule-source.ts'
import type { User } from '../../profile/user/user.ts'
import { type Explanation, explain } from '../../recording/replay/explain.ts'
import { readRecording, decodeRecordedLogin } from '../../recording/format/read-recording.ts'
import { createRedactor } from '../../recording/redaction/redactor.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/contract/store.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { describeExplanation } from '../print/print-explanation.ts'
import { UsageError } from '../print/usage.ts'

/** `claimsmith explain`: shows where each attribute and claim comes from; resolves to the exit code. */
export async function runExplainCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      user: { type: 'string' },
      store: { type: 'string' },
      rules: { type: 'string' },
      modules: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const { user, store, rules, modules } = values
  const [file, ...more] = positionals
  const hasOneSource = (file === undefined) !== (user === undefined)
  if (!hasOneSource || more.length > 0) throw new UsageError('explain takes one recording, or --user with --store')
  const explanation = file === undefined ? await explainUser({ user, store, rules, modules }) : explainRecording(file)
  process.stdout.write(
    values.json === true ? `${JSON.stringify(explanation, undefined, 2)}\n` : describeExplanation(explanation),
  )
  return explanation.outcome === 'error' ? 1 : 0
}

function explainRecording(file: string): Explanation {
  const recording = readRecording(file)
  return explain(recording.outcome, decodeRecordedLogin(recording).user)
}

type UserFlags = Readonly<Record<'user' | 'store' | 'rules' | 'modules', string | undefined>>

/** Runs the rules over a user of the store. Nothing is saved. */
async function explainUser({ user: idOrEmail = '', store: url, rules, modules }: UserFlags): Promise<Explanation> {
  if (url === undefined) throw new UsageError('--user needs --store: sqlite:file.db or postgres://…')
  const store = await openStore(url)
  try {
    const user = await findUser(store, idOrEmail)
    const engine = createEngine({
      rules: rules ?? [],
      ruleSource: await createStoredRuleSource(store),
      limits: { workers: 1 },
      ...resolveModulesFolder(modules),
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
