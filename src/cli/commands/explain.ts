import { parseArgs } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import { dryRun } from '../../login/run/dry-run.ts'
import { storedRules } from '../../login/run/stored-rules.ts'
import type { User } from '../../profile/user/user.ts'
import { type Explanation, explain as explanationOf } from '../../recording/replay/explain.ts'
import { readRecording, recordedLogin } from '../../recording/format/read-recording.ts'
import { createRedactor } from '../../recording/redaction/redactor.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/contract/store.ts'
import { modulesFolderOf } from '../flags/modules-folder.ts'
import { describeExplanation } from '../print/print-explanation.ts'
import { UsageError } from '../print/usage.ts'

/** `claimsmith explain`: says of each attribute and claim where it comes from; answers the exit code. */
export async function explain(args: string[]): Promise<number> {
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
  const isOne = (file === undefined) !== (user === undefined)
  if (!isOne || more.length > 0) throw new UsageError('explain takes one recording, or --user with --store')
  const explanation = file === undefined ? await ofUser({ user, store, rules, modules }) : ofRecording(file)
  process.stdout.write(
    values.json === true ? `${JSON.stringify(explanation, undefined, 2)}\n` : describeExplanation(explanation),
  )
  return explanation.outcome === 'error' ? 1 : 0
}

function ofRecording(file: string): Explanation {
  const recording = readRecording(file)
  return explanationOf(recording.outcome, recordedLogin(recording).user)
}

type UserFlags = Readonly<Record<'user' | 'store' | 'rules' | 'modules', string | undefined>>

/** The rules run over the user as the store has it, and nothing comes of it. */
async function ofUser({ user: wanted = '', store: url, rules, modules }: UserFlags): Promise<Explanation> {
  if (url === undefined) throw new UsageError('--user needs --store: sqlite:file.db or postgres://…')
  const store = await openStore(url)
  try {
    const user = await findUser(store, wanted)
    const engine = createEngine({
      rules: rules ?? [],
      stored: await storedRules(store),
      limits: { workers: 1 },
      ...modulesFolderOf(modules),
    })
    try {
      const { outcome, raw } = await dryRun(user, { store, engine, tenant: 'localhost' })
      const redactor = createRedactor([])
      return redactor.redact(explanationOf(outcome, raw))
    } finally {
      await engine.close()
    }
  } finally {
    await store.close()
  }
}

async function findUser(store: Store, wanted: string): Promise<User> {
  const [byId, byEmail] = [await store.users.get(wanted), await store.users.findByEmail(wanted)]
  const [found, ...others] = byId === undefined ? byEmail : [byId]
  if (found === undefined) throw new UsageError(`--user ${wanted}: the store has no user of this id or address`)
  if (others.length > 0) {
    const ids = byEmail.map((one) => one.user_id).join(', ')
    throw new UsageError(`--user ${wanted}: several users have this address; give one of their ids: ${ids}`)
  }
  return found
}
