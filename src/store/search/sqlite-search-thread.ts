import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'
import { serveRequests } from '../thread/serve-requests.ts'
import { createSqliteRunner, type SqliteSearch } from './sqlite-runner.ts'

const waitMs = 1000
const database = new DatabaseSync(workerData as string, { readOnly: true, timeout: waitMs })
const search = createSqliteRunner(database)

serveRequests((request: SqliteSearch) => search(request))
