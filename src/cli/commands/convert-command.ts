import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type Conversion, convertRule } from '../../migration/convert/convert-rule.ts'
import { type Proof, prove } from '../../migration/convert/prove.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { resolveFolder, readFolder } from '../../rules/folder/read-folder.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { toPlainText } from '../print/to-plain-text.ts'
import { readJsonObject } from '../flags/read-json.ts'
import { createSampleLogins } from '../flags/create-sample-logins.ts'
import { createSampleContext, createSampleUser } from '../flags/sample-login.ts'
import { UsageError } from '../print/usage.ts'

const maxSourceBytes = 100_000

/** `claimsmith convert`: rewrites rules as actions, and runs both over the same logins; answers the exit code. */
export async function runConvertCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string', default: 'claimsmith-actions' },
      user: { type: 'string' },
      context: { type: 'string' },
    },
  })
  const [from, ...more] = positionals
  if (from === undefined || more.length > 0) throw new UsageError('convert takes one file or folder of rules')
  const { to } = values
  if (isFolder(to) && readdirSync(to).length > 0) {
    throw new UsageError(`--to ${to}: the folder is not empty, and nothing is overwritten; empty it, or name another`)
  }
  const { rules, configuration } = readFolder(from, maxSourceBytes)
  const logins = [...createSampleLogins(), ...readOwnLogin(values.user, values.context)]
  mkdirSync(to, { recursive: true })
  const modulesFolder = resolveFolder(from)
  let isSame = true
  for (const rule of rules) {
    const conversion = tryConvert(rule)
    if (typeof conversion === 'string') {
      isSame = false
      process.stdout.write(`${styleText('red', '✗')} ${styleText('bold', toPlainText(rule.name))}  ${conversion}\n`)
      continue
    }
    const { script } = conversion
    if (script !== undefined) writeAction(to, rule, script)
    const proof =
      script === undefined
        ? undefined
        : await tryProve(rule.script, script, { logins, configuration, filename: rule.file, modulesFolder })
    isSame &&= isProved(proof)
    process.stdout.write(`${describeConversion(conversion, proof).join('\n')}\n`)
  }
  return isSame ? 0 : 1
}

/** A rule as an action, or why its text is no rule. */
function tryConvert(rule: RuleFile): Conversion | string {
  try {
    return convertRule(rule)
  } catch (error) {
    if (error instanceof ClaimsmithError) return toPlainText(error.message)
    throw error
  }
}

function readOwnLogin(user: string | undefined, context: string | undefined): LoginInput[] {
  if (user === undefined && context === undefined) return []
  return [
    {
      user: user === undefined ? createSampleUser() : readJsonObject(user, '--user'),
      context: { ...createSampleContext(), ...(context === undefined ? {} : readJsonObject(context, '--context')) },
    },
  ]
}

function writeAction(to: string, { file, name, order, enabled }: RuleFile, script: string): void {
  const base = basename(file, extname(file))
  const metadata = { name, ...(order === undefined ? {} : { order }), ...(enabled === false ? { enabled } : {}) }
  writeFileSync(join(to, `${base}.js`), script, { flag: 'wx' })
  writeFileSync(join(to, `${base}.json`), `${JSON.stringify(metadata, undefined, 2)}\n`, { flag: 'wx' })
}

/** The proof, or why there is none. */
async function tryProve(rule: string, action: string, options: Parameters<typeof prove>[2]): Promise<Proof | string> {
  try {
    return await prove(rule, action, options)
  } catch (error) {
    if (error instanceof ClaimsmithError) return error.message
    throw error
  }
}

function describeConversion(
  { name, differences, script, dependencies, secrets, hasRedirect: redirects }: Conversion,
  proof: Proof | string | undefined,
): string[] {
  const mark = isProved(proof) ? styleText('green', '✓') : styleText('yellow', '!')
  return [
    `${mark} ${styleText('bold', toPlainText(name))}  ${toPlainText(script === undefined ? 'is left as it is' : summarizeProof(proof))}`,
    ...differences.map(({ line, message }) => `    line ${line}: ${toPlainText(message)}`),
    ...(dependencies.length === 0 ? [] : [`    needs ${toPlainText(dependencies.join(', '))}`]),
    ...(secrets.length === 0
      ? []
      : [`    needs the secret${secrets.length > 1 ? 's' : ''} ${toPlainText(secrets.join(', '))}`]),
    ...(typeof proof === 'object' ? describeProof(proof, redirects) : []),
  ]
}

function describeProof({ returns, differences: different }: Proof, redirects: boolean): string[] {
  const hasKeptState = different.some(
    ({ returnQuery: back, action }) => back !== undefined && action.outcome !== 'error',
  )
  return [
    ...(redirects && returns === 0
      ? ['    no login was redirected, so that nobody came back; --user and --context give one that is']
      : []),
    ...different.flatMap(({ login, returnQuery: back, rule, action }) => [
      `    login ${login + 1}${describeReturn(back)}, the rule:   ${toPlainText(JSON.stringify(rule))}`,
      `    login ${login + 1}${describeReturn(back)}, the action: ${toPlainText(JSON.stringify(action))}`,
    ]),
    ...(hasKeptState
      ? ['    an action keeps what it set before it redirected; a rule begins anew when the user is back']
      : []),
  ]
}

function describeReturn(parameters: Readonly<Record<string, string>> | undefined): string {
  if (parameters === undefined) return ''
  return `, back with ${toPlainText(new URLSearchParams(parameters).toString()) || 'nothing'}`
}

function isProved(proof: Proof | string | undefined): boolean {
  return typeof proof === 'object' && proof.differences.length === 0 && proof.failures < proof.logins + proof.returns
}

function summarizeProof(proof: Proof | string | undefined): string {
  if (typeof proof !== 'object') return `could not be run beside its rule: ${proof}`
  const { logins, returns, failures: failed, differences: different } = proof
  const runs = returns === 0 ? `${logins} logins` : `${logins} logins and ${returns} returns of redirected users`
  const failures = failed === 0 ? '' : `; on ${failed} of them both fail, which proves nothing`
  if (different.length === 0) return `gives the same outcome and claims on ${runs}${failures}`
  return `differs on ${different.length} of ${runs}`
}
