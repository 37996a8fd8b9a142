import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/contract/store.ts'
import { type ImportReport, importUsersFile } from './import-users.ts'
import { UsageError } from '../usage-error.ts'
import { assertOutputFile, assertPath } from '../flags/assert-path.ts'
import { formatCount } from '../print/format-count.ts'
import { detectUsersFileFormat } from '../flags/users-file.ts'

export interface UsersImportFlags {
  readonly store: string
  readonly connection: string
  readonly upsert?: boolean
  readonly errors?: string
}

/** `claimsmith users import`: imports a file of users into a store; resolves to the exit code. */
export async function runUsersImportCommand(path: string, flags: UsersImportFlags): Promise<number> {
  const { connection, upsert = false, errors: errorsPath = `${path}.errors.ndjson` } = flags
  assertPath('file', path)
  assertOutputFile(errorsPath, '--errors')
  // Before `openStore`, which would create a new store.
  detectUsersFileFormat(path)
  const store = await openStore(flags.store)
  try {
    await checkConnection(store, connection)
    const startedAtMs = performance.now()
    const report = await importUsersFile({ store, path, connection, upsert, errorsPath })
    process.stdout.write(describeReport(report, performance.now() - startedAtMs))
    if (report.counts.failed > 0) process.stderr.write(`the users that failed, with their errors: ${errorsPath}\n`)
    if (report.parseError !== undefined) {
      process.stderr.write(`the file stops being JSON (${report.parseError}); correct it, and run this again\n`)
    }
    return report.counts.failed > 0 || report.parseError !== undefined ? 1 : 0
  } finally {
    await store.close()
  }
}

async function checkConnection({ connections }: Store, name: string): Promise<void> {
  const match = await connections.getByName(name)
  if (match?.strategy === 'auth0') return
  const { connections: databases } = await connections.list({ page: 0, perPage: 20, strategy: 'auth0' })
  const names = databases.map((database) => database.name).join(', ')
  const why = match === undefined ? 'there is no such connection' : `its strategy is ${match.strategy}`
  throw new UsageError(`--connection ${name}: ${why}; users are imported into a database, such as: ${names}`)
}

function describeReport({ counts }: ImportReport, tookMs: number): string {
  const { inserted, updated, present, failed } = counts
  const total = inserted + updated + present + failed
  const format = (count: number): string => count.toLocaleString('en')
  const parts = [
    `${format(inserted)} inserted`,
    ...(updated > 0 ? [`${format(updated)} updated`] : []),
    ...(present > 0 ? [`${format(present)} already there, not changed`] : []),
    `${format(failed)} failed`,
  ]
  const speed = `${(tookMs / 1_000).toFixed(1)} s, ${formatCount(Math.round((total / tookMs) * 1_000), 'user')} a second`
  return `${formatCount(total, 'user')}: ${parts.join(', ')} (${speed})\n`
}
