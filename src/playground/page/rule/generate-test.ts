import type { Outcome } from '../../../engine/outcome/outcome.ts'

/** A rule that ran alone, with its login and its outcome. */
export interface TestedRule {
  readonly name: string
  /** Its file's name, without a folder. */
  readonly file: string
  readonly script: string
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  readonly configuration: Readonly<Record<string, unknown>>
  /** Keys of the server's configuration. The page does not know their values. */
  readonly configurationKeys: readonly string[]
  readonly outcome: Outcome
}

/** Generates a vitest file for `claimsmith/testing` that expects the same outcome. Comments name what has to be filled in. */
export function generateTest(rule: TestedRule): string {
  const { name, file, user, context, outcome } = rule
  const options = buildOptions(rule)
  const optionsArgument = options.length === 0 ? '' : `, {\n${options.map((line) => `  ${line}\n`).join('')}}`
  return `import { loadRule, matchers } from 'claimsmith/testing'
import { expect, test } from 'vitest'

expect.extend(matchers)

const rule = loadRule(${toSource(`./rules/${file}`)}${optionsArgument})

test(${toSource(`${name}: ${outcome.outcome}`)}, async () => {
  const user = ${toSource(user)}
  const context = ${toSource(context)}
  const outcome = await rule(user, context)
${[...buildOutcomeAssertions(outcome), ...buildUpdateAssertions(outcome)].map((line) => `  ${line}\n`).join('')}})
`
}

function buildOptions({ script, configuration, configurationKeys, outcome }: TestedRule): string[] {
  const isMissing = (key: string): boolean => !Object.hasOwn(configuration, key) && script.includes(key)
  const missing = configurationKeys.filter(isMissing)
  const ruleRequests = outcome.rules.flatMap(({ requests }) => requests)
  const values = { ...Object.fromEntries(missing.map((key) => [key, ''])), ...configuration }
  return [
    ...missing.map((key) => `// Fill in the server's value of ${key}.`),
    ...(Object.keys(values).length === 0 ? [] : [`configuration: ${toSource(values)},`]),
    ...ruleRequests.map(
      ({ method, url, status }) => `// Fill in the response to ${method} ${url}${status ? `: ${status}` : ''}.`,
    ),
    ...(ruleRequests.length === 0 ? [] : ['fetch: () => Response.json({}),']),
  ]
}

function buildOutcomeAssertions(outcome: Outcome): string[] {
  const expectClaims = (matcher: string, values: Readonly<Record<string, unknown>>): string[] =>
    Object.entries(values)
      .filter(([claim]) => claim !== 'scope')
      .map(([claim, value]) => `expect(outcome).${matcher}(${toSource(claim)}, ${toSource(value)})`)
  switch (outcome.outcome) {
    case 'allow':
      return [
        'expect(outcome).toAllow()',
        ...expectClaims('toSetIdTokenClaim', outcome.claims.idToken),
        ...expectClaims('toSetAccessTokenClaim', outcome.claims.accessToken),
      ]
    case 'deny':
      return [`expect(outcome).toDenyWith(${toSource(outcome.reason)})`]
    case 'redirect':
      return [`expect(outcome).toRedirectTo(${toSource(outcome.redirect.url)})`]
    case 'challenge':
      return ['expect(outcome).toChallengeWithMfa()']
    case 'error':
      return [`expect(outcome.error?.code).toBe(${toSource(outcome.error.code)})`]
    default:
      return outcome satisfies never
  }
}

function buildUpdateAssertions({ updates = [] }: Outcome): string[] {
  return updates.map(({ of, data }) => {
    const matcher = of === 'app_metadata' ? 'toUpdateAppMetadata' : 'toUpdateUserMetadata'
    return `expect(outcome).${matcher}(${toSource(data)})`
  })
}

/** A value as source, on the lines of a test's body. */
function toSource(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  ')
}
