import { readFileSync } from 'node:fs'
import { defaultEngineLimits, engineLimitRanges } from '../../src/engine/options/engine-limits.ts'
import { type ErrorCode, hostErrorCodes, ruleErrorCodes } from '../../src/errors/codes.ts'
import { errorExplanations } from '../../src/errors/error-explanations.ts'
import { defaultRateLimits } from '../../src/http/limits/rate-limits.ts'
import { managementErrors } from '../../src/http/management/management-errors.ts'
import { renderAttributeTable } from '../../src/profile/attributes/render-attribute-table.ts'
import { providedPackages } from '../../src/sandbox/modules/module-catalogue.ts'
import { readInterface } from './read-interface.ts'
import { renderMarkdownTable } from './render-markdown-table.ts'
import { listCommandTables } from './render-commands.ts'
import { renderEvent, renderMethods, renderOptions } from './render-members.ts'

/** The tables of the documentation, by the name in their markers. Each is made from what the code itself uses. */
export const tables: ReadonlyMap<string, () => string> = new Map([
  ['limits', renderLimits],
  ['rate-limits', renderRateLimits],
  ['rule-errors', () => renderErrors(ruleErrorCodes)],
  ['host-errors', renderHostErrors],
  ['attributes', renderAttributeTable],
  ['provided-packages', renderProvidedPackages],
  ['engine-options', () => renderOptions(readInterface('src/engine/options/engine-options.ts', 'EngineOptions'))],
  ['server-options', renderServerOptions],
  ['load-rule-options', () => renderOptions(readInterface('src/testing/run/options.ts', 'RuleOptions'))],
  ['action-api', () => renderMethods(readInterface(actionApi, 'PostLoginApi', { isFlat: true }))],
  ['action-event', () => renderEvent(readInterface(actionEvent, 'PostLoginEvent', { isFlat: true }))],
  ['exchange-api', () => renderMethods(readInterface(actionApi, 'CredentialsExchangeApi', { isFlat: true }))],
  ['exchange-event', () => renderEvent(readInterface(actionEvent, 'CredentialsExchangeEvent', { isFlat: true }))],
  ...listCommandTables(),
])

const actionApi = 'src/profile/action/action-api.ts'
const actionEvent = 'src/profile/action/action-event.ts'

function renderLimits(): string {
  const members = [
    ...readInterface('src/sandbox/wire/limits.ts', 'SandboxLimits'),
    ...readInterface('src/engine/options/engine-limits.ts', 'EngineLimits'),
  ]
  const rows = members.map(({ name, description }) => {
    const limit = name as keyof typeof defaultEngineLimits
    const [least, most] = engineLimitRanges[limit]
    return [formatCode(name), formatNumber(defaultEngineLimits[limit]), formatRange(least, most), description]
  })
  return renderMarkdownTable(['limit', 'default', 'range', 'what it bounds'], rows)
}

function renderRateLimits(): string {
  const rows = readInterface('src/http/limits/rate-limits.ts', 'RateLimits').map(({ name, description }) => {
    const limit = defaultRateLimits[name as keyof typeof defaultRateLimits]
    const text = limit === false ? 'none' : `${formatNumber(limit.limit)} in ${limit.seconds} s`
    return [formatCode(name), text, description]
  })
  return renderMarkdownTable(['limit', 'default', 'what it counts'], rows)
}

function renderErrors(codes: readonly ErrorCode[]): string {
  const rows = codes.map((code) => [formatCode(code), errorExplanations[code].cause, errorExplanations[code].cure])
  return renderMarkdownTable(['code', 'what happened', 'what to do'], rows)
}

function renderHostErrors(): string {
  const rows = hostErrorCodes.map((code) => {
    const { cause, cure } = errorExplanations[code]
    const [status, errorCode] = managementErrors[code] ?? []
    return [formatCode(code), cause, cure, status === undefined ? '' : `${status} ${formatCode(errorCode ?? '')}`]
  })
  return renderMarkdownTable(['code', 'what happened', 'what to do', 'Management API'], rows)
}

function renderProvidedPackages(): string {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>
  const versions = { ...manifest['devDependencies'], ...manifest['peerDependencies'], ...manifest['dependencies'] }
  const rows = providedPackages.map((name) => [formatCode(name), (versions[name] ?? '').replace(/^\^/, '')])
  return renderMarkdownTable(['package', 'version, or newer'], rows)
}

/** The options of `createAuthServer`, with those of the login behind `login`. */
function renderServerOptions(): string {
  const serverOwned = new Set(['engine', 'store', 'issuer'])
  const loginOptions = readInterface('src/login/options.ts', 'LoginOptions')
    .filter(({ name }) => !serverOwned.has(name))
    .map((member) => ({ ...member, name: `login.${member.name}`, isOptional: true }))
  const members = readInterface('src/http/server-options.ts', 'AuthServerOptions')
  return renderOptions(members.flatMap((member) => (member.name === 'login' ? loginOptions : [member])))
}

function formatRange(least: number, most: number): string {
  return `${formatNumber(least)} to ${formatNumber(most)}`
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-US')
}

function formatCode(text: string): string {
  return `\`${text}\``
}
