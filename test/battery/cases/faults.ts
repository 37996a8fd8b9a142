import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createEngine } from '../../../src/engine/engine.ts'
import type { RuleSource, VersionedRules } from '../../../src/engine/ports/rule-source.ts'
import { findReasonAgainstPostgres, postgresUrl, queryPostgres } from '../../store/postgres-server.ts'
import { type RunningAuthServer, startAuthServer } from './auth-server.ts'
import type { ProgramCase } from './battery-case.ts'
import { wide } from './limits.ts'
import { judge, nameEnd } from './run-rules.ts'
import { type TcpProxy, startTcpProxy } from './tcp-proxy.ts'
import { type VariantOptions, bothRealms, hostOnly } from './variants.ts'

/** How long a server may take to say that its store does not answer. */
const boundMs = 60_000

const statusOf = async (server: RunningAuthServer): Promise<number | 'no answer'> =>
  Promise.race([server.logIn().then(({ status }) => status), pause(boundMs, 'no answer' as const, { ref: false })])

/** A server whose PostgreSQL is behind a proxy, in a schema of its own. */
async function withProxy(attack: (server: RunningAuthServer, proxy: TcpProxy) => Promise<string[]>): Promise<string> {
  const url = new URL(postgresUrl)
  const schema = `battery_${randomUUID().replaceAll('-', '')}`
  await queryPostgres(`create schema "${schema}"`)
  const proxy = await startTcpProxy(url.hostname, Number(url.port || 5432))
  url.port = String(proxy.port)
  url.searchParams.set('options', `-csearch_path=${schema}`)
  const server = await startAuthServer({}, url.href)
  try {
    const complaints = await attack(server, proxy)
    proxy.mode = 'pass'
    proxy.delayMs = 0
    proxy.resetAll()
    // Connections that have ended may be noticed only when they are used.
    let status: number | 'no answer' = 0
    for (let attempt = 0; attempt < 20 && status !== 200; attempt++) status = await statusOf(server)
    return judge(
      status === 200 ? complaints : [...complaints, `a login afterwards is ${status}`],
      'bounded, and recovers',
    )
  } finally {
    await Promise.race([server.close(), pause(5_000, undefined, { ref: false })])
    proxy.close()
    await queryPostgres(`drop schema "${schema}" cascade`)
  }
}

const expectFailure = (status: number | 'no answer'): string[] =>
  status === 500 || status === 503 ? [] : [`a login without a store is ${status}`]

const losing = (mode: 'reset' | 'silent') => (): Promise<string> =>
  withProxy(async (server, proxy) => {
    const before = await statusOf(server)
    proxy.mode = mode
    if (mode === 'reset') proxy.resetAll()
    const complaints = expectFailure(await statusOf(server))
    return before === 200 ? complaints : [`a login before is ${before}`, ...complaints]
  })

const slow = (): Promise<string> =>
  withProxy(async (server, proxy) => {
    proxy.delayMs = 500
    const statuses = await Promise.all(Array.from({ length: 5 }, () => statusOf(server)))
    return statuses.filter((status) => status !== 200).map((status) => `a slow login is ${status}`)
  })

const versionRule = (version: number | string): string =>
  `function (user, context, callback) { user.versions = (user.versions || []).concat('${version}'); setTimeout(callback, 5, null, user, context); }`

/** Publishes every ten milliseconds, some of it broken, while logins run. A login sees one version. */
async function publish({ realm }: VariantOptions): Promise<string> {
  const rulesOf = (version: number | string): VersionedRules['rules'] =>
    ['a', 'b'].map((name) => ({ name, script: version === 'broken' ? 'function (' : versionRule(version) }))
  let now: VersionedRules = { version: 1, rules: rulesOf(1), configuration: {} }
  let refused = 0
  const ruleSource: RuleSource = {
    initial: now,
    version: async () => now.version,
    load: async () => now,
    onInvalidRules: () => void refused++,
  }
  const engine = createEngine({ rules: [], ruleSource, limits: { ...wide, workers: 2 }, realm })
  const publisher = setInterval(() => {
    const version = now.version + 1
    now = { version, rules: rulesOf(version % 5 === 0 ? 'broken' : version), configuration: {} }
  }, 10)
  const complaints: string[] = []
  const logins: Promise<void>[] = []
  for (let index = 0; index < 150; index++) {
    logins.push(
      engine.run({ user: { user_id: `user-${index}` } }).then((outcome) => {
        const versions = outcome.user['versions'] as string[] | undefined
        if (nameEnd(outcome) !== 'allow') complaints.push(`login ${index} ends with ${nameEnd(outcome)}`)
        else if (versions?.length !== 2 || versions[0] !== versions[1])
          complaints.push(`login ${index} ran ${versions?.join()}`)
      }),
    )
    await pause(10)
  }
  await Promise.all(logins)
  clearInterval(publisher)
  await engine.close()
  if (refused === 0) complaints.push('no broken version was loaded')
  return judge(complaints, 'one version each')
}

/** A clock that jumps five minutes to and fro, and to 2038. */
async function jump({ realm }: VariantOptions): Promise<string> {
  const jumps = [0, 300_000, -300_000, 0, 2_147_483_648_000 - Date.now()]
  let login = 0
  const clock = (): number => Date.now() + (jumps[login % jumps.length] ?? 0)
  const script = `function (user, context, callback) { setTimeout(callback, 30, null, user, context); }`
  const engine = createEngine({ rules: [{ name: 'waits', script }], limits: wide, realm, clock })
  const complaints: string[] = []
  for (; login < 20; login++) {
    const end = nameEnd(await engine.run({ user: { user_id: 'ada' } }))
    if (end !== 'allow') complaints.push(`login ${login} ends with ${end}`)
  }
  await engine.close()
  return judge(complaints, 'allow')
}

const child = fileURLToPath(new URL('few-files.ts', import.meta.url))

/** Serves in a process that may open 64 files, and connects to it two hundred times. */
async function exhaustFiles(): Promise<string> {
  const server = spawn('sh', ['-c', `ulimit -n 64; exec "${process.execPath}" "${child}"`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  server.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const [exitCode] = (await once(server, 'exit')) as [number | null]
  return exitCode === 0 ? printed.trim() : `it exited with ${exitCode}: ${printed}`
}

/** A place for records that is full. */
async function failRecords({ realm }: VariantOptions): Promise<string> {
  process.on('warning', () => undefined)
  const full = (): Promise<void> =>
    Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
  const engine = createEngine({ rules: [{ name: 'v', script: versionRule(1) }], limits: wide, realm, record: full })
  const ends: string[] = []
  for (let login = 0; login < 20; login++) ends.push(nameEnd(await engine.run({ user: { user_id: 'ada' } })))
  await engine.close()
  return judge(
    ends.filter((end) => end !== 'allow'),
    'allow',
  )
}

const postgres = { id: 'FT-02', variants: hostOnly, findReasonToSkip: findReasonAgainstPostgres } as const
const engines = { id: 'FT-02', variants: bothRealms } as const

/** What the machine, the store and time can do to a server. */
export const faultCases: readonly ProgramCase[] = [
  {
    ...postgres,
    mechanism: 'a store whose connections are reset',
    expected: 'bounded, and recovers',
    run: losing('reset'),
  },
  {
    ...postgres,
    mechanism: 'a store whose connections stay open and say nothing',
    expected: 'bounded, and recovers',
    run: losing('silent'),
  },
  {
    ...postgres,
    mechanism: 'a store that takes half a second for every answer',
    expected: 'bounded, and recovers',
    run: slow,
  },
  {
    ...engines,
    mechanism: 'rules that are published every 10 ms, each fifth time broken',
    expected: 'one version each',
    run: publish,
  },
  { ...engines, mechanism: 'a clock that jumps by five minutes and to 2038', expected: 'allow', run: jump },
  { ...engines, mechanism: 'a disk that is full for records', expected: 'allow', run: failRecords },
  {
    id: 'FT-02',
    mechanism: 'two hundred connections to a process that may open 64 files',
    expected: 'recovers',
    variants: hostOnly,
    run: exhaustFiles,
    findReasonToSkip: async () => (process.platform === 'win32' ? 'Windows has no ulimit' : undefined),
  },
]
