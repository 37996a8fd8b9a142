import { prepareChecks } from '../../sandbox/wire/message-checks.ts'

// The last import of the entry point: schemas compile while the worker starts, and not during the first rule.
prepareChecks()
