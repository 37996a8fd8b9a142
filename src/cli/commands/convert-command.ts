import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { styleText } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type Conversion, convertRule } from '../../migration/convert/convert-rule.ts'
import { type Proof, prove } from '../../migration/convert/prove.ts'
import { resolveFolder, readFolder } from '../../rules/folder/read-folder.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { formatCount } from '../print/format-count.ts'
import { toPlainText } from '../print/to-plain-text.ts'
import { assertEmptyFolder, assertPath } from '../flags/assert-path.ts'
import { createSampleLogins } from '../flags/create-sample-logins.ts'
import { readLogin } from '../flags/read-login.ts'

const maxSourceBytes = 100_000

export interface ConvertFlags {
  readonly to: string
  readonly user?: string
  readonly context?: string
}

/** `claimsmith convert`: rewrites rules as actions, and compares both over the same logins; resolves to the exit code. */
export async function runConvertCommand(from: string, flags: ConvertFlags): Promise<number> {
  assertPath('file or folder', from)
  const { to, user, context } = flags
  assertEmptyFolder(to, '--to')
  const { rules, configuration } = readFolder(from, maxSourceBytes)
  const logins = [...createSampleLogins(), ...(user === undefined && context === undefined ? [] : [readLogin(flags)])]
  mkdirSync(to, { recursive: true })
  const modulesFolder = resolveFolder(from)
  let areAllProved = true
  for (const rule of rules) {
    const conversion = tryConvert(rule)
    if (typeof conversion === 'string') {
      areAllProved = false
      process.stdout.write(`${styleText('red', '✗')} ${styleText('bold', toPlainText(rule.name))}  ${conversion}\n`)
      continue
    }
    const { script } = conversion
    if (script !== undefined) writeAction(to, rule, script)
    const proof =
      script === undefined
        ? undefined
        : await tryProve(rule.script, script, { logins, configuration, filename: rule.file, modulesFolder })
    areAllProved &&= isProved(proof)
    process.stdout.write(`${describeConversion(conversion, proof).join('\n')}\n`)
  }
  return areAllProved ? 0 : 1
}

/** Converts a rule; returns the error message if its text is not a rule. */
function tryConvert(rule: RuleFile): Conversion | string {
  try {
    return convertRule(rule)
  } catch (error) {
    if (error instanceof ClaimsmithError) return toPlainText(error.message)
    throw error
  }
}

function writeAction(to: string, { file, name, order, enabled }: RuleFile, script: string): void {
  const base = basename(file, extname(file))
  const metadata = { name, ...(order === undefined ? {} : { order }), ...(enabled === false ? { enabled } : {}) }
  writeFileSync(join(to, `${base}.js`), script, { flag: 'wx' })
  writeFileSync(join(to, `${base}.json`), `${JSON.stringify(metadata, undefined, 2)}\n`, { flag: 'wx' })
}

/** Runs both over the same logins; returns the error message if that is not possible. */
async function tryProve(rule: string, action: string, options: Parameters<typeof prove>[2]): Promise<Proof | string> {
  try {
    return await prove(rule, action, options)
  } catch (error) {
    if (error instanceof ClaimsmithError) return error.message
    throw error
  }
}

function describeConversion(
  { name, differences, script, dependencies, secrets, hasRedirect }: Conversion,
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
    ...(typeof proof === 'object' ? describeProof(proof, hasRedirect) : []),
  ]
}

function describeProof({ returns, differences }: Proof, hasRedirect: boolean): string[] {
  const hasKeptState = differences.some(
    ({ returnQuery, action }) => returnQuery !== undefined && action.outcome !== 'error',
  )
  return [
    ...(hasRedirect && returns === 0
      ? [
          '    no login was redirected, so no return was compared; give one that is redirected with --user and --context',
        ]
      : []),
    ...differences.flatMap(({ login, returnQuery, rule, action }) => [
      `    login ${login + 1}${describeReturn(returnQuery)}, the rule:   ${toPlainText(JSON.stringify(rule))}`,
      `    login ${login + 1}${describeReturn(returnQuery)}, the action: ${toPlainText(JSON.stringify(action))}`,
    ]),
    ...(hasKeptState
      ? ['    an action keeps what it set before it redirected; a rule starts again when the user comes back']
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
  const { logins, returns, failures, differences } = proof
  const runs =
    returns === 0
      ? formatCount(logins, 'login')
      : `${formatCount(logins, 'login')} and ${formatCount(returns, 'return')} of redirected users`
  const failureNote = failures === 0 ? '' : `; on ${failures} of them both fail, which proves nothing`
  if (differences.length === 0) return `gives the same outcome and claims on ${runs}${failureNote}`
  return `differs on ${differences.length} of ${runs}`
}
