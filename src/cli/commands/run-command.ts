import { pathToFileURL } from 'node:url'
import { createEngine } from '../../engine/engine.ts'
import { assertPath } from '../flags/assert-path.ts'
import { dryUsers } from '../flags/dry-users.ts'
import { parseAllowedAddresses } from '../flags/parse-allowed-addresses.ts'
import { readLogin } from '../flags/read-login.ts'
import { readValueFiles } from '../flags/read-value-files.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { describeIdleRules } from '../print/describe-idle-rules.ts'
import { describeOutcome } from '../print/print-outcome.ts'
import type { InspectServer } from '../serve/inspect-server.ts'

export interface RunFlags {
  readonly user?: string
  readonly context?: string
  readonly configuration?: string
  readonly secrets?: string
  readonly modules?: string
  readonly allowNetwork?: readonly string[]
  /** The port for a debugger. */
  readonly inspect?: number
  readonly json?: boolean
}

/** `claimsmith run`: runs rules over one login; resolves to the exit code. */
export async function runRunCommand(rules: string, flags: RunFlags): Promise<number> {
  assertPath('file or folder', rules)
  const login = readLogin(flags)
  const options = {
    network: { allow: parseAllowedAddresses(flags.allowNetwork) },
    ...resolveModulesFolder(flags.modules),
    ...readValueFiles(flags),
  }
  const inspector = flags.inspect === undefined ? undefined : await startInspector(flags.inspect, rules)
  const engine = createEngine({
    ...options,
    rules,
    users: dryUsers,
    snapshots: false,
    limits: { workers: 1 },
    ...(inspector && { inspector }),
  })
  try {
    const outcome = await engine.run(login)
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(outcome, undefined, 2)}\n` : describeOutcome(outcome, login),
    )
    if (outcome.rules.length === 0)
      process.stderr.write(
        describeIdleRules(rules)
          .map((line) => `${line}\n`)
          .join(''),
      )
    return outcome.outcome === 'error' ? 1 : 0
  } finally {
    await engine.close()
    inspector?.close()
  }
}

/** Does not wait for a debugger: the engine does. */
async function startInspector(port: number, rules: string): Promise<InspectServer> {
  // Loaded on demand: it brings the WebSocket server.
  const { startInspectServer } = await import('../serve/inspect-server.ts')
  const server = await startInspectServer(port, { title: `claimsmith run ${rules}`, url: pathToFileURL(rules).href })
  process.stderr.write(
    `Debugger listening on ${server.webSocketUrl}\nThe rules wait for it: open chrome://inspect, or attach VS Code to the port.\n`,
  )
  return server
}
