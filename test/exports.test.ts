import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

/** What each entry point of the package offers. Adding a name here is a decision. */
const entryPoints: Readonly<Record<string, readonly string[]>> = {
  '.': ['ClaimsmithError', 'createEngine', 'recordInto'],
  './http': [
    'createAuthServer',
    'createHandler',
    'createIssuer',
    'createKeyring',
    'createLoginService',
    'listen',
    'toNodeHandler',
  ],
  './store': ['openStore'],
  './hooks': ['createCognitoHandler', 'createHook', 'createHooks', 'logtoScript'],
  './oidc-provider': ['createProviderRules'],
  './better-auth': ['createBetterAuthRules'],
  './express': ['toExpressHandler'],
  './fastify': ['toFastifyPlugin'],
  './overlay': ['overlay', 'parseOverlay'],
  './testing': [
    'fakeContext',
    'fakeUser',
    'loadPipeline',
    'loadRecording',
    'loadRule',
    'matchers',
    'outcomeSerializer',
    'toStableOutcome',
  ],
  './testing/jest': [],
  './testing/vitest': [],
}

const sources: Readonly<Record<string, () => Promise<object>>> = {
  '.': () => import('../src/index.ts'),
  './http': () => import('../src/http/index.ts'),
  './store': () => import('../src/store/index.ts'),
  './hooks': () => import('../src/http/hooks/index.ts'),
  './oidc-provider': () => import('../src/adapters/oidc-provider/index.ts'),
  './better-auth': () => import('../src/adapters/better-auth/index.ts'),
  './express': () => import('../src/adapters/express.ts'),
  './fastify': () => import('../src/adapters/fastify.ts'),
  './overlay': () => import('../src/profile/overlay/overlay.ts'),
  './testing': () => import('../src/testing/index.ts'),
  './testing/jest': () => {
    // As jest has it, without being asked.
    vi.stubGlobal('expect', expect)
    return import('../src/testing/setup/jest.ts')
  },
  './testing/vitest': () => import('../src/testing/setup/vitest.ts'),
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { types: string }>
}

test('the package has these entry points and no others', () => {
  const names = Object.keys(manifest.exports).filter((entryPoint) => !entryPoint.endsWith('.json'))
  const [typesOnly, modules] = [true, false].map((isTypes) =>
    names.filter((name) => (typeof manifest.exports[name] === 'object') === isTypes),
  )
  expect(modules).toEqual(Object.keys(entryPoints))
  expect(typesOnly).toEqual(['./rules'])
})

test.each(Object.entries(entryPoints))('%s offers exactly its names', async (entryPoint, names) => {
  const module = await sources[entryPoint]?.()
  expect(Object.keys(module ?? {}).toSorted()).toEqual(names)
})
