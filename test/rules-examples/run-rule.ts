import { readFileSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'
import { type Engine, createEngine } from '../../src/engine/engine.ts'
import type { UsersPort } from '../../src/engine/users-port.ts'
import type { Outcome } from '../../src/engine/outcome.ts'
import type { LoginContext } from '../../src/profile/context.ts'
import type { User } from '../../src/profile/user.ts'

interface RuleOptions {
  readonly configuration?: Record<string, string>
  readonly users?: UsersPort
}

export type RunRule = (user?: Partial<User>, context?: Partial<LoginContext>) => Promise<Outcome>

const person: User = {
  user_id: 'auth0|1',
  email: 'ada@example.com',
  email_verified: true,
  user_metadata: {},
  app_metadata: {},
}

/** Makes one rule of `rules-examples` ready to run in the real sandbox, for the tests of one file. */
export function useRule(file: string, { configuration = {}, users = {} }: RuleOptions = {}): RunRule {
  const script = readFileSync(new URL(`../../rules-examples/${file}`, import.meta.url), 'utf8')
  const engine: Engine = createEngine({
    rules: [{ name: file, script }],
    configuration,
    users,
    network: { allow: ['127.0.0.1'] },
    limits: { workers: 1 },
  })
  afterAll(() => engine.close())
  return (user = {}, context = {}) =>
    engine.run({
      user: { ...person, ...user },
      context: { protocol: 'oidc-basic-profile', idToken: {}, accessToken: {}, ...context },
    })
}

/** A service on this machine that the rules may call; answers its address. */
export async function useService(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
