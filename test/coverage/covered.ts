import { join } from 'node:path'
import type { FileCoverage } from 'istanbul-lib-coverage'
import { onTestFinished, vi } from 'vitest'
import { coverRules } from '../../src/coverage/cover-rules.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

/** A rule with a branch, and a function that nothing calls. */
export const greet = `// Says hello.
function greet(user, context, callback) {
  if (user.name === 'Ada') {
    user.greeting = 'hello';
  } else {
    user.greeting = 'who are you?';
  }
  const unused = () => {
    throw new Error('never');
  };
  callback(null, user, context);
}
`

export type Run = (user: object) => Promise<void>

interface Covered {
  readonly folder: string
  readonly log: string
}

/** Runs rules of a folder of their own with coverage on, until `logins` is over. */
export async function covered(
  files: Readonly<Record<string, string>>,
  logins: (run: Run) => Promise<unknown>,
  limits: EngineOptions['limits'] = { workers: 1 },
): Promise<Covered> {
  const folder = temporaryFolder(files)
  const log = temporaryFolder({})
  vi.stubEnv('CLAIMSMITH_COVERAGE', log)
  onTestFinished(() => void vi.unstubAllEnvs())
  const engine = createEngine({ rules: folder, limits })
  try {
    await logins(async (user) => {
      await engine.run({ user: { user_id: 'auth0|1', ...user }, context: { idToken: {}, accessToken: {} } })
    })
  } finally {
    await engine.close()
  }
  return { folder, log }
}

/** The coverage of one of its files. */
export async function fileOf({ folder, log }: Covered, name: string): Promise<FileCoverage> {
  const { map } = await coverRules(log)
  return map.fileCoverageFor(join(folder, name))
}
