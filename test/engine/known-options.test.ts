import { relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

test.each<[options: unknown, sentence: string]>([
  [{ rules: [], limit: {} }, 'createEngine: there is no option limit; did you mean limits?'],
  [{ rules: [], onerror: 'deny' }, 'did you mean onError?'],
  [{ rules: [], sandbox: true }, 'createEngine: there is no option sandbox; there are rules, '],
  [{ rules: [], network: { allowed: [] } }, 'network: there is no option allowed; did you mean allow?'],
  [{ rules: [], network: ['localhost'] }, 'network: an array was given; an object belongs there, with any of allow, '],
  [{ rules: [], network: { allow: '10.0.0.0/8' } }, 'network.allow is a string; a list belongs there'],
  [
    { rules: [], network: { allow: ['a', 'http://127.0.0.1:8080'] } },
    "network.allow[1] is 'http://127.0.0.1:8080'; give host, ",
  ],
  [{ rules: [], network: { allow: ['127.0.0.0/99'] } }, "network.allow[0] is '127.0.0.0/99'; give host, "],
  [{ rules: [], network: { allow: ['127.0.0.1:99999'] } }, 'network.allow[0] is '],
  [{ rules: [], network: { allow: ['*'] } }, 'network.allow[0] is '],
  [{ rules: [], network: { allow: [5] } }, 'network.allow[0] is 5;'],
  [{ rules: [], modulesFolder: 'nowhere' }, 'modulesFolder: there is no folder '],
  [{ rules: [], modulesFolder: ['.'] }, 'modulesFolder is an array; the path of a folder belongs there'],
  [undefined, 'createEngine: undefined was given; an object belongs there, with any of rules, '],
  ['./rules', 'createEngine: a string was given;'],
])('an engine refuses the options %o: %s', (options, sentence) => {
  expect(() => createEngine(options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(sentence) }),
  )
})

test('a modulesFolder may be given relative to the working directory, as rules may', async () => {
  const folder = temporaryFolder({
    'node_modules/greets/index.js': `exports.greeting = 'good morning'`,
  })
  const script = `function (user, context, callback) { user.greeting = require('greets').greeting; callback(null, user, context) }`
  const modulesFolder = relative(process.cwd(), folder)
  const engine = createEngine({ rules: [{ name: 'greet', script }], modulesFolder, limits: { workers: 1 } })
  onTestFinished(() => engine.close())
  expect(await engine.run({ user: {} })).toMatchObject({ outcome: 'allow', user: { greeting: 'good morning' } })
})
