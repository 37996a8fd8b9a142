import type { Manifest } from '../program/read-manifest.ts'

const rule = `// @ts-check
/// <reference types="claimsmith/rules" />

/**
 * Puts the plan of the user into the ID token.
 *
 * @type {import('claimsmith').Rule}
 */
function addPlan(user, context, callback) {
  const plan = user.app_metadata?.plan ?? configuration.DEFAULT_PLAN
  context.idToken[configuration.NAMESPACE + 'plan'] = plan
  callback(null, user, context)
}
`

const test = `// @ts-check
import { fakeContext, fakeUser, loadRule } from 'claimsmith/testing'
import 'claimsmith/testing/vitest'
import { expect, test } from 'vitest'

const rule = loadRule('rules/10-plan.js', { configuration: 'rules/configuration.json' })
const claim = 'https://example.com/plan'

test('the plan in app_metadata becomes a claim', async () => {
  const user = fakeUser({ app_metadata: { plan: 'pro' } })
  expect(await rule(user, fakeContext())).toSetIdTokenClaim(claim, 'pro')
})

test('a user without a plan gets the default one', async () => {
  const user = fakeUser({ app_metadata: {} })
  expect(await rule(user, fakeContext())).toSetIdTokenClaim(claim, 'free')
})
`

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024'],
  module: 'nodenext',
  types: ['claimsmith/rules', 'node'],
  allowJs: true,
  checkJs: true,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}

const ignoredPaths = ['node_modules', 'coverage', 'recordings', '*.db', '.env']

/** Builds the files of a new project: a rule, its test, and what runs them. Keys are paths in the project. */
export function buildProjectFiles(name: string, manifest: Manifest): Readonly<Record<string, string>> {
  const { version, devDependencies } = manifest
  const packageFile = {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      test: 'vitest run',
      types: 'tsc',
      dev: 'claimsmith dev',
      start: 'claimsmith serve --demo',
    },
    devDependencies: {
      '@types/node': devDependencies['@types/node'],
      claimsmith: `^${version}`,
      typescript: devDependencies['typescript'],
      vitest: devDependencies['vitest'],
    },
  }
  const config = { $schema: './node_modules/claimsmith/schemas/config.json', rules: 'rules' }
  return {
    'rules/10-plan.js': rule,
    'rules/configuration.json': toJson({ DEFAULT_PLAN: 'free', NAMESPACE: 'https://example.com/' }),
    'test/10-plan.test.js': test,
    'claimsmith.config.json': toJson(config),
    'tsconfig.json': toJson({ compilerOptions, include: ['rules', 'test'] }),
    'package.json': toJson(packageFile),
    '.gitignore': `${ignoredPaths.join('\n')}\n`,
  }
}

function toJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
