import { expect, test } from 'vitest'
import { parseCodeBlock } from './code-block.ts'
import { matchOutput } from './match-output.ts'
import { parseCode } from './parse-code.ts'

test.each([
  ['allow\n', 'allow', true],
  ['allow  \n{}\n', 'allow\n{}', true],
  ['deny', 'allow', false],
  ['one\ntwo\nthree', 'one\n…\nthree', true],
  ['took 12 ms', 'took … ms', true],
  ['took 12 ms and more', 'took … ms', false],
  ['', '', true],
  ['something', '', false],
  ['a', 'a…a', false],
])('%j printed where %j is shown: %s', (printed, shown, isMatch) => {
  expect(matchOutput(printed, shown)).toBe(isMatch)
})

test('a server that goes on printing still matches what it printed first', () => {
  expect(matchOutput('ready\nmore', 'ready', { isPrefix: true })).toBe(true)
  expect(matchOutput('not yet', 'ready', { isPrefix: true })).toBe(false)
})

test.each([
  ['javascript', 'write js'],
  ['', 'write text'],
  ['sh skip', 'write one as in skip=needs-a-browser'],
  ['sh skip=no', 'write one as in skip=needs-a-browser'],
  ['ts fragement', 'no option fragement'],
])('a block that begins with “%s” is refused: %s', (info, message) => {
  expect(() => parseCodeBlock({ place: 'docs/page.md:1', info, code: '', output: undefined })).toThrow(message)
})

test.each(['function (user, context, callback) { callback(null) }', 'export const a = 1', 'return await rule(user)'])(
  '%s parses',
  (code) => {
    expect(() => parseCode(code, 'js')).not.toThrow()
  },
)

test('code with a mistake does not parse', () => {
  expect(() => parseCode('function (user { }', 'js')).toThrow('Expected')
})
