import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assertSafeRelease, findHoles } from '../../src/sandbox/host/unsafe-releases.ts'

test.each([
  ['Node.js', '24.12.0', 2],
  ['Node.js', '24.13.0', 1],
  ['Node.js', '24.18.0', 1],
  ['Node.js', '24.18.1-rc.1', 1],
  ['Node.js', '24.18.1', 0],
  ['Node.js', '25.9.0', 1],
  ['Node.js', '26.5.0', 1],
  ['Node.js', '26.5.1', 0],
  ['Node.js', '27.0.0', 0],
  ['isolated-vm', '6.1.2', 1],
  ['isolated-vm', '7.0.0', 1],
  ['isolated-vm', '7.0.1', 0],
] as const)('%s %s has %i known holes', (product, version, count) => {
  expect(findHoles(product, version)).toHaveLength(count)
})

test('the error says what was found, why it is not safe, where that is written, and what to install', () => {
  expect(() => assertSafeRelease('Node.js', '24.12.0')).toThrow(
    expect.objectContaining({
      code: 'SANDBOX_FAILED',
      message:
        'Node.js 24.12.0 is not safe to run rules on: symbolic links lead out of the folders that a worker may read (CVE-2025-55130), ' +
        'see https://nodejs.org/en/blog/vulnerability/december-2025-security-releases; paths that begin like a folder that a worker ' +
        'may read are open to it, too (CVE-2026-58043), see https://nodejs.org/en/blog/vulnerability/july-2026-security-releases; ' +
        'install Node.js 24.18.1 or newer',
    }),
  )
})

test('what is installed here has no known hole', () => {
  const { version } = JSON.parse(readFileSync('node_modules/isolated-vm/package.json', 'utf8')) as { version: string }
  expect(() => assertSafeRelease('isolated-vm', version)).not.toThrow()
  expect(() => assertSafeRelease('Node.js', process.versions.node)).not.toThrow()
})
