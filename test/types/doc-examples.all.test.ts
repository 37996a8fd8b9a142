import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const run = promisify(execFile)

/** The names that the main entry exports, each with the example in its doc comment. */
function readExamples(): ReadonlyMap<string, string | undefined> {
  const sources = globSync('src/**/*.ts').map((file) => readFileSync(file, 'utf8'))
  const index = readFileSync('src/index.ts', 'utf8')
  const names = [...index.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim()),
  )
  return new Map(names.filter((name) => name !== '').map((name) => [name, findExample(name, sources)]))
}

function findExample(name: string, sources: readonly string[]): string | undefined {
  const declaration = new RegExp(
    `/\\*\\*((?:(?!\\*/)[^])*)\\*/\\nexport (?:async )?(?:const|function|type|interface|class) ${name}\\b`,
  )
  const [, comment = ''] = sources.map((source) => declaration.exec(source)).find((match) => match !== null) ?? []
  const [, example] = comment.split('@example\n')
  return example?.replaceAll(/^ ?\* ?/gm, '').trim()
}

const examples = readExamples()

test('every export of the main entry has an example in its doc comment', () => {
  expect(examples.size).toBeGreaterThan(40)
  expect([...examples].filter(([, example]) => example === undefined).map(([name]) => name)).toEqual([])
})

test('the examples compile under strict', { timeout: 60_000 }, async () => {
  const free = 'database users redis logger socket queue response query load'.split(' ')
  const prelude = [
    `import { ${[...examples.keys()].join(', ')}, createEngine as create } from 'claimsmith'`,
    `import { loadRecording } from 'claimsmith/testing'`,
    ...free.map((name) => `declare const ${name}: any`),
    'declare const engine: Engine, rules: RuleInput[], outcome: Outcome, run: RecordedRun, login: LoginInput',
    'declare const user: User, context: LoginContext, file: string, script: string, state: string, userId: string',
    'declare class UnauthorizedError extends Error {}',
    'declare const exports: {',
    '  onExecutePostLogin(event: PostLoginEvent, api: PostLoginApi): Promise<unknown>',
    '  onExecuteCredentialsExchange(event: CredentialsExchangeEvent, api: CredentialsExchangeApi): Promise<unknown>',
    '}',
    'void [create, loadRecording, user, context]',
  ]
  const bodies = [...examples.values()].map((example) => `;(async () => {\n${example}\n});`)
  const folder = temporaryFolder({
    'package.json': '{ "type": "module" }',
    'examples.ts': [...prelude, ...bodies].join('\n'),
  })
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
  symlinkSync(resolve('.'), join(folder, 'node_modules/claimsmith'))
  symlinkSync(resolve('node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
  const tsc = join(dirname(import.meta.resolve('typescript/package.json').slice('file://'.length)), 'bin/tsc')
  const flags = '--noEmit --strict --skipLibCheck --preserveSymlinks --target es2024 --module nodenext --types node'
  const { stdout } = await run(process.execPath, [tsc, ...flags.split(' '), join(folder, 'examples.ts')], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})
