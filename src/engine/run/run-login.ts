import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { RunInput } from '../../sandbox/wire/run-input.ts'
import type { Pool } from '../../sandbox/host/pool.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import { hideSecrets } from '../outcome/hide-secrets.ts'
import type { Outcome, UserUpdate } from '../outcome/outcome.ts'
import { addUpdates, toOutcome } from '../outcome/to-outcome.ts'
import type { UsersPort } from '../ports/users-port.ts'
import type { EncodedLogin, UserAndContext } from './encode-login.ts'
import { runRules } from './run-rules.ts'
import { saveMetadata } from './save-metadata.ts'
import { answerUsersCall } from './answer-users-call.ts'

/** One login, ready to be run. */
export interface PreparedLogin extends Pick<RunRequest, 'stubs' | 'onExchange'> {
  readonly program: Program
  /** User and context before the rules. */
  readonly before: UserAndContext
  /** `before`, as it is sent to the worker. */
  readonly encoded: EncodedLogin
  readonly input: Omit<RunInput, 'login'>
  /** Saves metadata. */
  readonly users: UsersPort
  /** Answers the calls of rules to anything but `auth0.users`. */
  readonly answer: RunRequest['answer']
}

export interface CompletedLogin {
  readonly outcome: Outcome
  readonly result: RunResult
}

/**
 * Runs one login: its rules, what actions save, and the outcome. It calls back before it returns if the rules end at once and
 * save nothing, because a test may call its rule like a function.
 */
export function runLogin(
  pool: Pool,
  login: PreparedLogin,
  resolve: (login: CompletedLogin) => void,
  reject: (error: unknown) => void,
): void {
  const { program, before, encoded, input, users, answer, stubs, onExchange } = login
  const updates: UserUpdate[] = []
  const request: RunRequest = {
    program,
    input: { ...input, login: encoded.text },
    answer: (name, body) =>
      name.startsWith('users.') ? answerUsersCall(users, name, body, updates) : answer(name, body),
    stubs,
    onExchange,
  }
  runRules(pool, request, save, reject)

  function save(result: RunResult): void {
    if (result.metadata === undefined) complete(result)
    else saveMetadata(users, before.user.user_id, result, updates).then(complete, reject)
  }

  function complete(result: RunResult): void {
    const names = program.rules.slice(input.resumePoint?.ruleIndex ?? 0).map(({ name }) => name)
    const outcome = toOutcome(result, { before, encoded }, names)
    resolve({ outcome: hideSecrets(addUpdates(outcome, updates), program), result })
  }
}
