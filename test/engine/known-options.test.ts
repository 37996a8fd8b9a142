import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'

test.each<[options: unknown, sentence: string]>([
  [{ rules: [], limit: {} }, 'createEngine: there is no option limit; did you mean limits?'],
  [{ rules: [], onerror: 'deny' }, 'did you mean onError?'],
  [{ rules: [], sandbox: true }, 'createEngine: there is no option sandbox; there are rules, '],
  [{ rules: [], network: { allowed: [] } }, 'network: there is no option allowed; did you mean allow?'],
  [{ rules: [], network: ['localhost'] }, 'network: an array was given; an object belongs there, with any of allow, '],
  [undefined, 'createEngine: undefined was given; an object belongs there, with any of rules, '],
  ['./rules', 'createEngine: a string was given;'],
])('an engine refuses the options %o: %s', (options, sentence) => {
  expect(() => createEngine(options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(sentence) }),
  )
})
