import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeUnsupportedNode, minimumNodeVersion } from '../../src/errors/node-version.ts'

test('the oldest Node.js in the code is the one that package.json asks for', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }
  expect(engines.node).toBe(`>=${minimumNodeVersion}`)
})

test('the documentation names the oldest Node.js', () => {
  expect(readFileSync('docs/faq.md', 'utf8')).toContain(`Node ${minimumNodeVersion} or newer`)
})

test.each(['18.20.8', '20.20.2', '22.23.3', '24.11.9', '9.0.0'])('Node.js %s is too old', (version) => {
  expect(describeUnsupportedNode(version)).toBe(
    `Node.js ${minimumNodeVersion} or newer is needed; this is Node.js ${version}`,
  )
})

test.each(['24.12.0', '24.100.0', '25.0.0', '26.1.0', '27.0.0-nightly20270101', '100.0.0'])(
  'Node.js %s is new enough',
  (version) => {
    expect(describeUnsupportedNode(version)).toBeUndefined()
  },
)
