import { prepareChecks } from '../../sandbox/wire/protocol.ts'

// The last import of the entry point: schemas compile while the worker starts, and not during the first rule.
prepareChecks()
