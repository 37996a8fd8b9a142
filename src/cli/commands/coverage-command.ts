import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { coverRules } from '../../coverage/cover-rules.ts'
import { type Reporter, findUnmetThresholds, reporters, writeReports } from '../../coverage/write-reports.ts'
import { readFolder } from '../../rules/folder/read-folder.ts'
import { toPlainText } from '../print/to-plain-text.ts'
import { UsageError } from '../print/usage.ts'

const maxSourceBytes = 1_000_000

/** `claimsmith coverage`: runs tests, and reports which code of the rules ran; resolves to the exit code. */
export async function runCoverageCommand(args: string[]): Promise<number> {
  const separatorIndex = args.indexOf('--')
  const [command, ...commandArgs] = separatorIndex < 0 ? [] : args.slice(separatorIndex + 1)
  if (command === undefined) throw new UsageError('coverage takes a command after --, such as: coverage -- vitest run')
  const { values, positionals } = parseArgs({
    args: args.slice(0, separatorIndex),
    allowPositionals: true,
    options: {
      reporter: { type: 'string', default: 'text,lcov' },
      to: { type: 'string', default: join('coverage', 'rules') },
      threshold: { type: 'string', default: '0' },
    },
  })
  const names = parseReporters(values.reporter)
  const threshold = parsePercent(values.threshold)
  const files = positionals.flatMap((path) => readFolder(path, maxSourceBytes).rules.map(({ file }) => resolve(file)))
  const log = await mkdtemp(join(tmpdir(), 'claimsmith-coverage-'))
  try {
    const exitCode = await runCommand(command, commandArgs, log)
    const { map, changedFiles } = await coverRules(log, files)
    if (map.files().length === 0) {
      process.stderr.write('claimsmith: no rule ran that came from a file, so there is nothing to report\n')
      return exitCode || Number(threshold > 0)
    }
    writeReports(map, names, resolve(values.to))
    for (const file of changedFiles) {
      process.stderr.write(`claimsmith: ${toPlainText(file)} has changed since it ran, and is not in the report\n`)
    }
    const shortfalls = findUnmetThresholds(map, threshold)
    for (const shortfall of shortfalls) process.stderr.write(`claimsmith: too little of the rules ran: ${shortfall}\n`)
    return exitCode || Number(shortfalls.length > 0)
  } finally {
    await rm(log, { recursive: true, force: true })
  }
}

/** Resolves to the command's exit code; 1 if a signal ended it. */
function runCommand(command: string, args: readonly string[], log: string): Promise<number> {
  return new Promise((resolveExitCode, reject) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, CLAIMSMITH_COVERAGE: log },
      shell: process.platform === 'win32',
    })
    child.on('error', (error) => reject(new UsageError(`coverage cannot start ${command}: ${error.message}`)))
    child.on('exit', (code) => resolveExitCode(code ?? 1))
  })
}

function parseReporters(text: string): readonly Reporter[] {
  return text.split(',').map((name) => {
    const reporter = reporters.find((known) => known === name)
    if (reporter === undefined) throw new UsageError(`--reporter ${name}: give some of ${reporters.join(',')}`)
    return reporter
  })
}

function parsePercent(text: string): number {
  const percent = Number(text)
  if (text.trim() !== '' && percent >= 0 && percent <= 100) return percent
  throw new UsageError(`--threshold ${text}: give a number from 0 to 100`)
}
