import type { Metadata } from '../../profile/user/user.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { RecordedCall, RecordedRun } from '../ports/record-port.ts'
import type { UsersPort } from '../ports/users-port.ts'

/** Records what the rules of one login ask of the embedder. */
export interface CallRecorder {
  readonly calls: readonly RecordedCall[]
  /** What `auth0` showed of the tenant. */
  readonly tenant: RecordedRun['tenant']
  /** Wraps `inner`, and records its calls. Requests and updates of users are recorded elsewhere. */
  answer(inner: RunRequest['answer']): RunRequest['answer']
  users(inner: UsersPort): UsersPort
}

export function createCallRecorder(): CallRecorder {
  const calls: RecordedCall[] = []
  let tenant: RecordedRun['tenant'] = {}

  /** Calls are recorded in the order of their beginnings. */
  async function recordCall(name: string, input: string, call: () => PromiseLike<string>): Promise<string> {
    const index = calls.push({ name, input }) - 1
    try {
      const answer = await call()
      calls[index] = { name, input, answer }
      return answer
    } catch (error) {
      calls[index] = { name, input, error: toRecordedError(error) }
      throw error
    }
  }

  function wrapUpdate(inner: UsersPort, name: 'updateUserMetadata' | 'updateAppMetadata'): Partial<UsersPort> {
    const update = inner[name]?.bind(inner)
    if (update === undefined) return {}
    return {
      [name]: async (id: string, data: Metadata) => {
        const input = JSON.stringify({ id, data })
        const text = await recordCall(`users.${name}`, input, async () =>
          JSON.stringify((await update(id, data)) ?? {}),
        )
        return JSON.parse(text) as unknown
      },
    }
  }

  return {
    calls,
    get tenant() {
      return tenant
    },
    answer: (inner) => (name, body) =>
      name === 'fetch' ? inner(name, body) : recordCall(name, body, () => inner(name, body)),
    users(inner) {
      const { domain, baseUrl } = inner
      tenant = { domain, baseUrl }
      return {
        ...(domain === undefined ? {} : { domain }),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(inner.accessToken && {
          async accessToken() {
            const accessToken = (await inner.accessToken?.()) ?? ''
            tenant = { domain, baseUrl, accessToken }
            return accessToken
          },
        }),
        ...wrapUpdate(inner, 'updateUserMetadata'),
        ...wrapUpdate(inner, 'updateAppMetadata'),
      }
    },
  }
}

function toRecordedError(error: unknown): NonNullable<RecordedCall['error']> {
  if (!(error instanceof Error)) return { name: 'Error', message: 'the call failed' }
  const { name, message, code } = error as Error & { readonly code?: unknown }
  return { name, message, ...(typeof code === 'string' ? { code } : {}) }
}
