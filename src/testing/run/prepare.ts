import { prepareChecks } from '../../sandbox/wire/message-checks.ts'

// The kit imports this after all else: a test file has time that its first rule has not, while the worker starts.
prepareChecks()
