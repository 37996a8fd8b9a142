import { parseArgs } from 'node:util'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/contract/store.ts'
import { type ImportReport, importUsersFile } from './import-users.ts'
import { UsageError } from '../print/usage.ts'
import { detectUsersFileFormat } from '../flags/users-file.ts'

/** `claimsmith users import`: imports a file of users into a store; resolves to the exit code. */
export async function runUsersCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      store: { type: 'string' },
      connection: { type: 'string' },
      upsert: { type: 'boolean', default: false },
      errors: { type: 'string' },
    },
  })
  const [verb, path, ...more] = positionals
  if (verb !== 'import') throw new UsageError('users has one subcommand: users import <file>')
  if (path === undefined || more.length > 0) throw new UsageError('users import takes one file')
  const { connection, upsert, errors: errorsPath = `${path}.errors.ndjson` } = values
  if (connection === undefined) throw new UsageError('users import needs --connection <name>')
  if (values.store === undefined || values.store === 'memory:') {
    throw new UsageError('users import needs --store sqlite:<file> or postgres://…')
  }
  // Before `openStore`, which would create a new store.
  detectUsersFileFormat(path)
  const store = await openStore(values.store)
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
  const formatCount = (count: number): string => count.toLocaleString('en')
  const parts = [
    `${formatCount(inserted)} inserted`,
    ...(updated > 0 ? [`${formatCount(updated)} updated`] : []),
    ...(present > 0 ? [`${formatCount(present)} already there and left as they are`] : []),
    `${formatCount(failed)} failed`,
  ]
  const speed = `${(tookMs / 1_000).toFixed(1)} s, ${formatCount(Math.round((total / tookMs) * 1_000))} users a second`
  return `${formatCount(total)} users: ${parts.join(', ')} (${speed})\n`
}
