import { type Answer, adaEmail, startAuthServer } from './auth-server.ts'
import type { ProgramCase } from './battery-case.ts'
import { serverCase } from './management.ts'
import { judge } from './run-rules.ts'
import { hostOnly } from './variants.ts'

const canary = 'canary-3f9c1e77'
const samples = 15

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

const volatileHeaders = new Set(['date', 'x-request-id'])
const describeAnswer = ({ status, text, headers }: Answer): string =>
  `${status} ${text} ${[...headers].filter(([name]) => !volatileHeaders.has(name)).join(';')}`

/**
 * Compares wrong passwords of a user and of nobody. Times are compared by their medians: a hash that is left out makes one a
 * hundred times shorter, and a busy machine does not.
 */
const enumerate = serverCase(
  {
    id: 'MA-04',
    mechanism: 'a wrong password for a user and for nobody: status, body, headers, and the work of a hash',
    expected: 'indistinguishable',
  },
  async ({ logIn }) => {
    const complaints: string[] = []
    const cpuMs: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    const seen: Record<'known' | 'unknown', Set<string>> = { known: new Set(), unknown: new Set() }
    for (let sample = 0; sample < samples; sample++) {
      for (const who of ['known', 'unknown'] as const) {
        const username = who === 'known' ? adaEmail : `nobody-${sample}@example.com`
        const startedAtMs = performance.now()
        const answer = await logIn({ username, password: 'a wrong password' })
        cpuMs[who].push(performance.now() - startedAtMs)
        seen[who].add(describeAnswer(answer))
      }
    }
    if ([...seen.known].join() !== [...seen.unknown].join())
      complaints.push(`${[...seen.known].join()} and ${[...seen.unknown].join()}`)
    const ratio = median(cpuMs.known) / median(cpuMs.unknown)
    if (ratio > 4 || ratio < 0.25) complaints.push(`a known user takes ${ratio.toFixed(2)} times as long`)
    return complaints
  },
)

const throwing = `function (user, context, callback) {
  if (context.request.query && context.request.query.mode === 'throw') throw new Error(configuration.KEY);
  console.log(configuration.KEY);
  callback(null, user, context) }`

/** Puts a canary wherever a secret is, makes everything fail, and looks at every answer and everything that is printed. */
async function discloseNothing(): Promise<string> {
  const printed: string[] = []
  const write = process.stderr.write.bind(process.stderr)
  const writeOut = process.stdout.write.bind(process.stdout)
  const capture = (chunk: string | Uint8Array): boolean => printed.push(String(chunk)) > 0
  process.stderr.write = capture
  process.stdout.write = capture
  const server = await startAuthServer({
    engine: { rules: [{ name: 'tells', script: throwing }], configuration: { KEY: canary } },
    onInternalError: (error) => console.error(error),
  })
  // The answer repeats what was sent, as Auth0's does; no later one may.
  await server.call('PUT', '/rules-configs/KEY', { value: canary })
  const path = `/users/${encodeURIComponent(server.adaId)}`
  const answers = [
    await server.logIn({ mode: 'throw' }),
    await server.logIn({ password: canary }),
    await server.logIn({ refresh_token: canary, grant_type: 'refresh_token' }),
    await server.send('GET', '/userinfo', { headers: { authorization: `Bearer ${canary}` } }),
    await server.send('GET', '/api/v2/users', { headers: { authorization: `Bearer a.${canary}.c` } }),
    await server.postForm('/tokeninfo', { id_token: canary }),
    await server.call('POST', '/users', { password: [canary] }),
    await server.call('PATCH', path, { password: canary, name: 7 }),
    await server.call('PATCH', path, { password: canary, connection: 'nowhere' }),
    await server.call('GET', '/rules-configs'),
    await server.call('POST', '/clients', { name: 'x', client_secret: { canary } }),
  ]
  await server.close()
  process.stderr.write = write
  process.stdout.write = writeOut
  const complaints = answers.flatMap(({ text }, index) =>
    text.includes(canary) ? [`answer ${index}: ${text.slice(0, 100)}`] : [],
  )
  if (printed.join('').includes(canary)) complaints.push(`printed: ${printed.join('').slice(0, 200)}`)
  return judge(complaints, 'the canary stays')
}

/** What answers, errors and output give away. */
export const disclosureCases: readonly ProgramCase[] = [
  enumerate,
  {
    id: 'MA-05',
    mechanism: 'a canary as password, token, configuration and secret, and calls that fail with it',
    expected: 'the canary stays',
    variants: hostOnly,
    run: discloseNothing,
  },
]
