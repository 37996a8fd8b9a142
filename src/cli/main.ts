#!/usr/bin/env node
import { describeUnsupportedNode } from '../errors/node-version.ts'

const message = describeUnsupportedNode(process.versions.node)
if (message === undefined) {
  // Not a static import: its modules would be linked before this file is evaluated, which fails on an old Node.js.
  const { runCommandLine } = await import('./command-line.ts')
  // A reader that has seen enough, such as `head`, ends neither a command nor a server.
  process.stdout.on('error', ignoreClosedPipe)
  process.exitCode = await runCommandLine(process.argv.slice(2))
} else {
  process.stderr.write(`claimsmith: ${message}\n`)
  process.exitCode = 1
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
