import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { coverRules } from '../../coverage/cover-rules.ts'
import type { Reporter } from '../../coverage/reporters.ts'
import { findUnmetThresholds, writeReports } from '../../coverage/write-reports.ts'
import { readFolder } from '../../rules/folder/read-folder.ts'
import { assertPath } from '../flags/assert-path.ts'
import { toPlainText } from '../print/to-plain-text.ts'
import { UsageError } from '../usage-error.ts'

const maxSourceBytes = 1_000_000

export interface CoverageFlags {
  readonly reporter: readonly Reporter[]
  readonly to: string
  readonly threshold: number
}

export interface CoverageSubject {
  /** Files and folders whose rules are reported even if none of them runs. */
  readonly rules: readonly string[]
  /** The command that runs the tests. */
  readonly command: readonly string[]
}

/** `claimsmith coverage`: runs tests, and reports which code of the rules ran; resolves to the exit code. */
export async function runCoverageCommand({ rules, command }: CoverageSubject, flags: CoverageFlags): Promise<number> {
  const [program, ...programArgs] = command
  if (program === undefined) {
    throw new UsageError('coverage needs a command after --, such as: claimsmith coverage -- vitest run')
  }
  const { threshold } = flags
  for (const path of rules) assertPath('file or folder', path)
  const files = rules.flatMap((path) => readFolder(path, maxSourceBytes).rules.map(({ file }) => resolve(file)))
  const log = await mkdtemp(join(tmpdir(), 'claimsmith-coverage-'))
  try {
    const exitCode = await runTests(program, programArgs, log)
    const { map, changedFiles } = await coverRules(log, files)
    if (map.files().length === 0) {
      process.stderr.write('claimsmith: no rule ran that came from a file, so there is nothing to report\n')
      return exitCode || Number(threshold > 0)
    }
    writeReports(map, flags.reporter, resolve(flags.to))
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
function runTests(command: string, args: readonly string[], log: string): Promise<number> {
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
