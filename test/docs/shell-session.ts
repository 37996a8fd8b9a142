import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** What a block printed, and how it ended. */
export interface ShellResult {
  readonly printed: string
  readonly exitCode: number
}

/** The terminal of a page: each block finds the folder and the variables as the one before left them. */
export interface ShellSession {
  run(code: string): Promise<ShellResult>
  runProgram(file: string): Promise<ShellResult>
  /** Starts a server. `isReady` gets all that it has printed. */
  start(code: string, isReady: (printed: string) => boolean): Promise<void>
  /** Ends all servers. */
  stop(): Promise<void>
}

/** Prints errors and output in their order, takes packages from the folder, and ends a block at the first command that fails. */
const prelude = `exec 2>&1
npm() { case "$1" in install | i | ci) ;; *) command npm "$@" ;; esac; }
npx() { if type -P "$1" > /dev/null; then "$@"; else command npx "$@"; fi; }
. "$DOCS_STATE/variables" 2> /dev/null
cd "$(cat "$DOCS_STATE/folder")"
trap 'code=$?; declare -p > "$DOCS_STATE/variables"; pwd > "$DOCS_STATE/folder"; exit $code' EXIT
set -e
`
const blockTimeoutMs = 40_000

/** Opens the terminal in `folder`; `state` is a folder for what blocks leave to each other. */
export function createShellSession(folder: string, state: string, port: string): ShellSession {
  mkdirSync(state)
  writeFileSync(join(state, 'folder'), folder)
  writeFileSync(join(state, 'variables'), '')
  const servers: ChildProcess[] = []
  const { FORCE_COLOR: _color, VITEST: _vitest, NODE_ENV: _mode, ...inherited } = process.env
  const path = [join(folder, 'node_modules/.bin'), dirname(process.execPath), inherited['PATH']].join(delimiter)
  const env = { ...inherited, NO_COLOR: '1', PORT: port, PATH: path, DOCS_STATE: state }
  const openShell = (code: string): ChildProcess =>
    spawn('bash', ['-c', prelude + code], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  return {
    run: (code) => collect(openShell(code)),
    runProgram: (file) => collect(openShell(`exec node '${file}'`)),
    async start(code, isReady) {
      const server = openShell(code)
      servers.push(server)
      const printed = await waitUntilReady(server, isReady)
      setPrintedVariables(state, printed)
    },
    async stop() {
      await Promise.all(servers.map((server) => end(server)))
    },
  }
}

async function collect(child: ChildProcess): Promise<ShellResult> {
  const read = readOutput(child)
  const timer = setTimeout(() => signal(child, 'SIGKILL'), blockTimeoutMs)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  if (code === null) return { printed: `${read()}\n(ended after ${blockTimeoutMs / 1000} seconds)`, exitCode: 137 }
  return { printed: read(), exitCode: code }
}

function readOutput(child: ChildProcess): () => string {
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  return () => printed
}

function waitUntilReady(server: ChildProcess, isReady: (printed: string) => boolean): Promise<string> {
  const read = readOutput(server)
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the server ${why}; it printed:\n${read()}`))
    const timer = setTimeout(() => fail('did not get ready'), blockTimeoutMs)
    const look = (): void => {
      if (!isReady(read())) return
      clearTimeout(timer)
      resolve(read())
    }
    server.stdout?.on('data', look)
    server.stderr?.on('data', look)
    server.once('exit', () => {
      clearTimeout(timer)
      fail('ended')
    })
  })
}

/** Sets what the server tells the reader to set: the lines that it prints as `NAME=value`. Commands that it prints are not run. */
function setPrintedVariables(state: string, printed: string): void {
  const lines = [...printed.matchAll(/^\s*(?:export )?([A-Z_]+=[^\s$`\\][^$`\\\n]*)$/gm)].map(
    ([, assignment]) => `export ${assignment}\n`,
  )
  writeFileSync(join(state, 'variables'), lines.join(''), { flag: 'a' })
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exit = once(server, 'exit')
  signal(server, 'SIGTERM')
  const timer = setTimeout(() => signal(server, 'SIGKILL'), 5000)
  await exit
  clearTimeout(timer)
}

/** Signals the shell and all that it started: they are one process group. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid ?? 0), name)
  } catch {
    // It ended meanwhile.
  }
}
