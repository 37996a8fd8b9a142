import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const check = 'src/errors/assert-node-version.ts'
const { exports, sideEffects } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { types: string }>
  sideEffects: string[]
}

/** The file in `src` that an entry of `exports` is compiled from. */
const findSource = (target: string): string => target.replace('./dist/', 'src/').replace(/\.js$/, '.ts')

/** What a file imports or exports from, in the order in which it is evaluated: types are not. */
function listEvaluated(file: string): string[] {
  const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export)(?! type)\b[^;'"]*?(?:from )?'([^']+)'$/gm)
  return [...statements].map(([, specifier = '']) => specifier)
}

const needNode = Object.entries(exports).filter(
  (entry): entry is [string, string] =>
    typeof entry[1] === 'string' && entry[0] !== './overlay' && !entry[0].endsWith('.json'),
)

test.each(needNode)('%s checks the version of Node.js before all else', (_name, target) => {
  const source = findSource(target)
  expect(join(dirname(source), listEvaluated(source)[0] ?? '')).toBe(check)
})

test('the command line evaluates nothing but the description of the version before it has checked it', () => {
  expect(listEvaluated('src/cli/main.ts')).toEqual(['../errors/node-version.ts'])
})

test('bundlers keep the check, which exports nothing', () => {
  expect(sideEffects).toContain(check.replace('src/', './dist/').replace(/\.ts$/, '.js'))
})
