import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'

export const mainFile = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in this process, and takes what it prints. */
export async function claimsmith(...args: string[]): Promise<Finished> {
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)]
  vi.stubEnv('NO_COLOR', '1')
  vi.stubEnv('FORCE_COLOR', undefined)
  try {
    const exitCode = await runCommandLine(args)
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    stdout.restore()
    stderr.restore()
    vi.unstubAllEnvs()
  }
}

function capture(stream: NodeJS.WriteStream): { text(): string; restore(): void } {
  const { write } = stream
  let printed = ''
  stream.write = (chunk: string | Uint8Array) => {
    printed += String(chunk)
    return true
  }
  return {
    text: () => printed,
    restore() {
      stream.write = write
    },
  }
}

/** Runs a command as a person would, in a process of its own, and waits for its end. */
export function runClaimsmith(...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const environment = { ...process.env, NO_COLOR: '1' }
    execFile(process.execPath, [mainFile, ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

/** Starts a command in a process of its own, of this checkout unless another is given, and resolves when it has printed `line`. */
export function startClaimsmith(
  args: string[],
  line: RegExp,
  environment: NodeJS.ProcessEnv = {},
  main: string = mainFile,
): Promise<{ child: ChildProcess; printed: () => string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment }
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
    let printed = ''
    const take = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (line.test(printed)) resolve({ child, printed: () => printed })
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', () => reject(new Error(`it ended early: ${printed}`)))
  })
}
