import { testDatabases } from './databases.ts'
import { describeContract } from './describe-contract.ts'

describeContract(testDatabases().filter(([name]) => name === 'SQLite in a file'))
