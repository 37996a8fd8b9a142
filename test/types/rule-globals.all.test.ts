import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { moduleGlobals } from '../../src/sandbox/modules/module-catalogue.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const execFileAsync = promisify(execFile)

/** A rule as it was exported from Auth0. */
const oldRule = `function enrich(user, context, callback) {
  const request = require('request@2.56.0');
  global.known = global.known || {};
  user.app_metadata = user.app_metadata || {};
  user.app_metadata.roles = _.uniq(user.app_metadata.roles);
  const digest = crypto.createHash('md5').update(user.email).digest('hex');
  const token = jwt.sign({ sub: user.user_id, digest: digest }, configuration.SECRET, { expiresIn: '5m' });
  if (global.known[user.user_id]) return callback(new UnauthorizedError('not again'));
  request.post({ url: configuration.URL, headers: { authorization: 'Bearer ' + token } }, function (err, response) {
    if (err) return callback(err);
    console.log(process.version, Buffer.from(response.body).length);
    auth0.users.updateAppMetadata(user.user_id, user.app_metadata)
      .then(function () { callback(null, user, context); })
      .catch(function (error) { callback(error); });
  });
}
`

async function findTypeErrors(files: Record<string, string>, options: object): Promise<readonly string[]> {
  const compilerOptions = {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    target: 'es2024',
    skipLibCheck: true,
    ...options,
  }
  const folder = temporaryFolder({ ...files, 'tsconfig.json': { compilerOptions, include: ['*.js'] } })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(process.cwd(), join(folder, 'node_modules', 'claimsmith'), 'junction')
  symlinkSync(join(process.cwd(), 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'junction')
  const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await execFileAsync(process.execPath, [tsc, '--project', folder], { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string },
  )
  return stdout.split('\n').filter((line) => line !== '')
}

const moduleSettings = [
  { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2024'] },
  { module: 'preserve', moduleResolution: 'bundler', lib: ['es2024'] },
]

test.each(moduleSettings)(
  'an old rule is checked as it is, with $moduleResolution',
  async (settings) => {
    const options = { ...settings, strict: true, noImplicitAny: false, types: ['claimsmith/rules', 'node'] }
    expect(await findTypeErrors({ 'old.js': oldRule }, options)).toEqual([])
  },
  60_000,
)

const typedRule = `/// <reference types="claimsmith/rules" />
/** @type {import('claimsmith').Rule} */
async function checked(user, context, callback) {
  global.known = global.known || {};
  if (!configuration.SECRET) return callback(new UnauthorizedError('not configured'));
  context.idToken['https://example.com/key'] = crypto.createHash('md5').update(jwt.sign({}, configuration.SECRET)).digest('hex');
  await auth0.users.updateAppMetadata(user.user_id, { seen: _.uniq([1]) });
  callback(null, user, context);
}
`

test.each(moduleSettings)(
  'a rule that names its types is checked strictly, with $moduleResolution',
  async (settings) => {
    const wrongRule = typedRule
      .replace('configuration.SECRET', 'configuraton.SECRET')
      .replace('new UnauthorizedError', 'new UnauthorisedError')
      .replace('users.updateAppMetadata', 'users.update')
    const options = { ...settings, strict: true, types: ['node'] }
    expect(await findTypeErrors({ 'typed.js': typedRule }, options)).toEqual([])
    const errors = await findTypeErrors({ 'wrong.js': wrongRule }, options)
    expect(errors.map((line) => /Cannot find name '\w+'|Property '\w+'/.exec(line)?.[0])).toEqual([
      "Cannot find name 'configuraton'",
      "Cannot find name 'UnauthorisedError'",
      "Property 'update'",
    ])
  },
  60_000,
)

test('every module that Auth0 put into the scope of rules is declared', () => {
  const declarations = readFileSync('types/rules.d.ts', 'utf8')
  const names = [...declarations.matchAll(/^declare (?:const|var) (\w+)/gm)].map(([, name = '']) => name)
  expect(names.filter((name) => !['auth0', 'configuration', 'global'].includes(name)).toSorted()).toEqual(
    Object.keys(moduleGlobals).toSorted(),
  )
})
