import { testDatabases } from '../databases.ts'
import { describeDifferential } from './describe-differential.ts'

describeDifferential(testDatabases().filter(([name]) => name === 'SQLite in a file'))
