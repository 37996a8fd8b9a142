import { ClaimsmithError } from './claimsmith-error.ts'
import { describeUnsupportedNode } from './node-version.ts'

// Entry points import this file first. ES modules are linked before any of them is evaluated, so this is the first message
// only if no static import behind an entry point names a builtin, or an export of one, that an older Node.js lacks.
const message = describeUnsupportedNode(process.versions.node)
if (message !== undefined) throw new ClaimsmithError('UNSUPPORTED_NODE', message)
