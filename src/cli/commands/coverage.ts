import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { coverRules } from '../../coverage/cover-rules.ts'
import { type Reporter, misses, reporters, writeReports } from '../../coverage/write-report.ts'
import { readFolder } from '../../rules/folder/folder.ts'
import { plainText } from '../print/plain-text.ts'
import { UsageError } from '../print/usage.ts'

const maxSourceBytes = 1_000_000

/** `claimsmith coverage`: runs tests and says which of their rules' code ran; answers the exit code. */
export async function coverage(args: string[]): Promise<number> {
  const at = args.indexOf('--')
  const [command, ...commandArgs] = at < 0 ? [] : args.slice(at + 1)
  if (command === undefined) throw new UsageError('coverage takes a command after --, such as: coverage -- vitest run')
  const { values, positionals } = parseArgs({
    args: args.slice(0, at),
    allowPositionals: true,
    options: {
      reporter: { type: 'string', default: 'text,lcov' },
      to: { type: 'string', default: join('coverage', 'rules') },
      threshold: { type: 'string', default: '0' },
    },
  })
  const names = reportersOf(values.reporter)
  const least = percentOf(values.threshold)
  const files = positionals.flatMap((path) => readFolder(path, maxSourceBytes).rules.map(({ file }) => resolve(file)))
  const log = await mkdtemp(join(tmpdir(), 'claimsmith-coverage-'))
  try {
    const exitCode = await runCommand(command, commandArgs, log)
    const { map, changed } = await coverRules(log, files)
    if (map.files().length === 0) {
      process.stderr.write('claimsmith: no rule ran that came from a file, so there is nothing to report\n')
      return exitCode || Number(least > 0)
    }
    writeReports(map, names, resolve(values.to))
    for (const file of changed) {
      process.stderr.write(`claimsmith: ${plainText(file)} has changed since it ran, and is not in the report\n`)
    }
    const missed = misses(map, least)
    for (const miss of missed) process.stderr.write(`claimsmith: too little of the rules ran: ${miss}\n`)
    return exitCode || Number(missed.length > 0)
  } finally {
    await rm(log, { recursive: true, force: true })
  }
}

/** A command that is ended by a signal has failed. */
function runCommand(command: string, args: readonly string[], log: string): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, CLAIMSMITH_COVERAGE: log },
      shell: process.platform === 'win32',
    })
    child.on('error', (error) => fail(new UsageError(`coverage cannot start ${command}: ${error.message}`)))
    child.on('exit', (code) => done(code ?? 1))
  })
}

function reportersOf(text: string): readonly Reporter[] {
  return text.split(',').map((name) => {
    const found = reporters.find((one) => one === name)
    if (found === undefined) throw new UsageError(`--reporter ${name}: give some of ${reporters.join(',')}`)
    return found
  })
}

function percentOf(text: string): number {
  const percent = Number(text)
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent
  throw new UsageError(`--threshold ${text}: give a number from 0 to 100`)
}
