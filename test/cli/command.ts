import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const mainFile = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command as a person would, and waits for its end. */
export function claimsmith(...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const environment = { ...process.env, NO_COLOR: '1' }
    execFile(process.execPath, [mainFile, ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr })
    })
  })
}

/** Starts the command, this checkout's unless another is given, and resolves when it has printed `line`. */
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
