import type { Outcome } from '../../../engine/outcome.ts'
import type { RunAnswer } from '../../answers.ts'
import { call } from '../api.ts'
import { name, problem, script, tell } from '../state.ts'
import { fileOf, readObject } from './rule-actions.ts'

/** Runs the rule alone, and copies a test that expects what it came to. */
export async function copyTest(): Promise<void> {
  try {
    const [user, context, configuration] = [readObject('user'), readObject('context'), readObject('configuration')]
    const rule = { name: name.value, script: script.value }
    const { outcome } = await call<RunAnswer>('POST', '/run', { what: 'rule', ...rule, user, context, configuration })
    await navigator.clipboard.writeText(testOf({ name: rule.name, user, context, configuration, outcome }))
    tell('The test is in the clipboard.')
  } catch (error) {
    problem.value = error as Error
  }
}

interface TestedRule {
  readonly name: string
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  readonly configuration: Readonly<Record<string, unknown>>
  readonly outcome: Outcome
}

/** A vitest file on `claimsmith/testing`. */
function testOf({ name: rule, user, context, configuration, outcome }: TestedRule): string {
  const file = fileOf(rule).split(/[\\/]/).at(-1)
  const options = Object.keys(configuration).length === 0 ? '' : `, { configuration: ${json(configuration, '')} }`
  return `import { fakeContext, fakeUser, loadRule, matchers } from 'claimsmith/testing'
import { expect, test } from 'vitest'

expect.extend(matchers)

const rule = await loadRule(${json(`./rules/${file}`)}${options})

test(${json(`${rule}: ${outcome.outcome}`)}, async () => {
  const user = fakeUser(${json(user)})
  const context = fakeContext(${json(context)})
  const outcome = await rule(user, context)
${expectations(outcome)
  .map((line) => `  ${line}\n`)
  .join('')}})
`
}

function expectations(outcome: Outcome): string[] {
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

/** A value as source, on the lines of a test's body. */
function json(value: unknown, indent = '  '): string {
  return JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${indent}`)
}
