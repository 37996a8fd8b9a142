import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeUnsupportedNode, supportedNode, supportedNodeRange } from '../../src/errors/node-version.ts'
import { findHoles } from '../../src/sandbox/host/unsafe-releases.ts'

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

test('the supported releases of Node.js in the code are those of package.json and of its lock file', () => {
  const { engines } = readJson('package.json') as { engines: { node: string } }
  const { packages } = readJson('package-lock.json') as { packages: Record<string, { engines: { node: string } }> }
  expect([engines.node, packages['']?.engines.node]).toEqual([supportedNodeRange, supportedNodeRange])
})

test.each(['README.md', 'CHANGELOG.md', 'docs/start.md', 'docs/embed.md', 'docs/faq.md', 'docs/troubleshooting.md'])(
  '%s names the supported releases of Node.js',
  (file) => {
    expect(readFileSync(file, 'utf8')).toContain(`Node ${supportedNode}`)
  },
)

test.each(['docs/start.md', 'docs/troubleshooting.md'])('%s has the message', (file) => {
  expect(readFileSync(file, 'utf8')).toContain(`\`Node.js ${supportedNode}, is needed; this is Node.js …\``)
})

test.each(['9.0.0', '18.20.8', '20.20.2', '22.23.3', '24.12.0', '24.18.0', '24.18.1-rc.1', '25.9.0', '26.5.0'])(
  'Node.js %s is not supported',
  (version) => {
    expect(describeUnsupportedNode(version)).toBe(
      `Node.js 24 from 24.18.1 on, or 26.5.1 or newer, is needed; this is Node.js ${version}`,
    )
  },
)

test.each(['24.18.1', '24.19.0', '24.100.0', '26.5.1', '26.10.0', '27.0.0-nightly20270101', '100.0.0'])(
  'Node.js %s is supported',
  (version) => {
    expect(describeUnsupportedNode(version)).toBeUndefined()
  },
)

test('from Node.js 24 on, a release is supported if workers start on it: it has no known hole', () => {
  const upTo = (count: number): number[] => [...Array(count).keys()]
  const versions = upTo(6).flatMap((line) =>
    upTo(40).flatMap((minor) => upTo(4).map((patch) => `${24 + line}.${minor}.${patch}`)),
  )
  const supported = versions.filter((version) => describeUnsupportedNode(version) === undefined)
  const safe = versions.filter((version) => findHoles('Node.js', version).length === 0)
  expect(supported).toEqual(safe)
})
