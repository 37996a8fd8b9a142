import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, copyFileSync, readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listWorkerFlags, pickWorkerEnvironment } from '../../src/sandbox/host/worker-flags.ts'
import { folderForTests } from '../rules/temporary-folder.ts'

interface ProbeReport {
  readonly results: Readonly<Record<string, string>>
  /** The builtin modules that it could load. */
  readonly modules: readonly string[]
}

/** What Node leaves open to JavaScript in a worker, and why that is accepted. docs/security.md says it to operators. */
const open: Readonly<Record<string, string>> = {
  'network: connect': 'rules make requests; the network guard is code of the worker, outside of the isolates',
  'network: connect to a Unix socket': 'Node 24 cannot tell it from another connection; the option worker closes it',
  'network: listen': 'the same permission as to connect',
  'network: UDP': 'the same permission as to connect; names are resolved with it',
  'write: a Unix socket': 'the same permission as to connect; it leaves no file after its end',
  'read: realpathSync': 'it says whether a path exists, and shows no content',
  'read: findPackageJSON': 'it says whether a package.json exists, and shows no content',
  'memory: WebAssembly': 'the parent watches the memory of the whole process',
  'code: eval': 'code that is there can do all that its text could',
}

/** Every builtin module that can be loaded: a new one of another version of Node must be looked at first. */
const reviewedModules = `
  _http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex _stream_passthrough
  _stream_readable _stream_transform _stream_wrap _stream_writable _tls_common _tls_wrap assert assert/strict async_hooks
  buffer child_process cluster console constants crypto dgram diagnostics_channel dns dns/promises domain events fs
  fs/promises http http2 https inspector inspector/promises module net os path path/posix path/win32 perf_hooks process
  punycode querystring readline readline/promises repl stream stream/consumers stream/promises stream/web string_decoder
  sys timers timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads zlib node:sea node:test
  node:test/reporters`
  .trim()
  .split(/\s+/)

const folder = folderForTests({
  'secret.txt': 'A=top secret',
  'secret.cjs': 'module.exports = "top secret"',
  'secret.json': {},
  'package.json': {},
})
const server = createServer()
const socketServer = createServer()
const victim = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
let report: ProbeReport

beforeAll(async () => {
  const database = new DatabaseSync(join(folder, 'store.db'))
  database.exec("CREATE TABLE keys (value TEXT); INSERT INTO keys VALUES ('top secret')")
  database.close()
  const [addon = ''] = globSync(
    `node_modules/isolated-vm/prebuilds/${process.platform}-${process.arch}/*abi${process.versions.modules}*.node`,
  )
  copyFileSync(addon, join(folder, 'addon.node'))
  server.listen(0, '127.0.0.1')
  socketServer.listen(join(folder, 'server.sock'))
  await Promise.all([once(server, 'listening'), once(socketServer, 'listening')])
  const probe = fork(join(import.meta.dirname, 'walls-probe.cjs'), [folder, String(victim.pid)], {
    execArgv: listWorkerFlags(),
    env: {
      ...pickWorkerEnvironment(),
      PROBE_PORT: String((server.address() as AddressInfo).port),
      PROBE_SOCKET: join(folder, 'server.sock'),
    },
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [message] = (await once(probe, 'message')) as [ProbeReport]
  report = message
}, 60_000)

afterAll(() => {
  victim.kill('SIGKILL')
  server.close()
  socketServer.close()
})

test('a process with the flags of a worker is denied all but what is listed here with a reason', () => {
  const openAttempts = Object.keys(report.results).filter((name) => report.results[name] === 'open')
  expect(Object.keys(report.results).length).toBeGreaterThan(80)
  expect(openAttempts.toSorted()).toEqual(Object.keys(open).toSorted())
})

test.each([
  ['the private key of a store', 'read: node:sqlite', /DatabaseSync/],
  ['the environment of the embedder', 'read: the environment of its parent', /ERR_ACCESS_DENIED/],
  ['a file', 'read: readFileSync', /ERR_ACCESS_DENIED/],
  ['a process', 'start: spawn', /ERR_ACCESS_DENIED/],
  ['machine code', 'load: an addon in another folder', /ERR_ACCESS_DENIED/],
  ['a signal', 'signal: another process of the user', /ERR_ACCESS_DENIED/],
])('%s is denied by its own wall, and not by chance', (_what, attempt, reason) => {
  expect(report.results[attempt]).toMatch(reason)
})

test('no builtin module is there that nobody has looked at', () => {
  expect(report.modules.filter((name) => !reviewedModules.includes(name))).toEqual([])
  expect(report.modules).not.toContain('node:sqlite')
})

test('nothing was written', () => {
  expect(readdirSync(folder).toSorted()).toEqual(
    ['addon.node', 'package.json', 'secret.cjs', 'secret.json', 'secret.txt', 'server.sock', 'store.db'].toSorted(),
  )
})
