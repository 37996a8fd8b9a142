import type { Outcome } from '../../../engine/outcome/outcome.ts'

/** A rule that ran alone, and what came of it. */
export interface TestedRule {
  readonly name: string
  /** Its file's name, without a folder. */
  readonly file: string
  readonly script: string
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  readonly configuration: Readonly<Record<string, unknown>>
  /** What the server configures beside it; its values are not on the page. */
  readonly configurationKeys: readonly string[]
  readonly outcome: Outcome
}

/** A vitest file on `claimsmith/testing` that expects the same outcome; of what the page does not know, it says what to fill in. */
export function copiedTest(rule: TestedRule): string {
  const { name, file, user, context, outcome } = rule
  const options = optionsOf(rule)
  const given = options.length === 0 ? '' : `, {\n${options.map((line) => `  ${line}\n`).join('')}}`
  return `import { loadRule, matchers } from 'claimsmith/testing'
import { expect, test } from 'vitest'

expect.extend(matchers)

const rule = loadRule(${json(`./rules/${file}`)}${given})

test(${json(`${name}: ${outcome.outcome}`)}, async () => {
  const user = ${json(user)}
  const context = ${json(context)}
  const outcome = await rule(user, context)
${[...endOf(outcome), ...updatesOf(outcome)].map((line) => `  ${line}\n`).join('')}})
`
}

function optionsOf({ script, configuration, configurationKeys, outcome }: TestedRule): string[] {
  const isMissing = (key: string): boolean => !Object.hasOwn(configuration, key) && script.includes(key)
  const missing = configurationKeys.filter(isMissing)
  const asked = outcome.rules.flatMap(({ requests }) => requests)
  const values = { ...Object.fromEntries(missing.map((key) => [key, ''])), ...configuration }
  return [
    ...missing.map((key) => `// Fill in what the server has as ${key}.`),
    ...(Object.keys(values).length === 0 ? [] : [`configuration: ${json(values)},`]),
    ...asked.map(
      ({ method, url, status }) => `// Fill in the answer to ${method} ${url}${status ? `: ${status}` : ''}.`,
    ),
    ...(asked.length === 0 ? [] : ['fetch: () => Response.json({}),']),
  ]
}

function endOf(outcome: Outcome): string[] {
  const claims = (matcher: string, values: Readonly<Record<string, unknown>>): string[] =>
    Object.entries(values)
      .filter(([claim]) => claim !== 'scope')
      .map(([claim, value]) => `expect(outcome).${matcher}(${json(claim)}, ${json(value)})`)
  switch (outcome.outcome) {
    case 'allow':
      return [
        'expect(outcome).toAllow()',
        ...claims('toSetIdTokenClaim', outcome.claims.idToken),
        ...claims('toSetAccessTokenClaim', outcome.claims.accessToken),
      ]
    case 'deny':
      return [`expect(outcome).toDenyWith(${json(outcome.reason ?? '')})`]
    case 'redirect':
      return [`expect(outcome).toRedirectTo(${json(outcome.redirect?.url ?? '')})`]
    case 'challenge':
      return ['expect(outcome).toChallengeWithMfa()']
    case 'error':
      return [`expect(outcome.error?.code).toBe(${json(outcome.error?.code ?? '')})`]
    default:
      return outcome.outcome satisfies never
  }
}

function updatesOf({ updates = [] }: Outcome): string[] {
  return updates.map(({ of, data }) => {
    const matcher = of === 'app_metadata' ? 'toUpdateAppMetadata' : 'toUpdateUserMetadata'
    return `expect(outcome).${matcher}(${json(data)})`
  })
}

/** A value as source, on the lines of a test's body. */
function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  ')
}
