import { inspect } from 'node:util'
import type { Outcome, UserUpdate } from '../../engine/outcome/outcome.ts'
import { describeClaims, describeEnd, formatList } from './describe-outcome.ts'
import { isOutcome } from './stable-outcome.ts'

/** The part of a matcher's `this` in vitest and jest that is used here. */
interface MatcherContext {
  readonly isNot?: boolean
  readonly equals: (one: unknown, other: unknown) => boolean
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

type TextOrPattern = string | RegExp

/** A request that a rule is expected to make. A text is the beginning of its URL. */
export interface ExpectedRequest {
  readonly method?: string
  readonly url?: TextOrPattern
  readonly status?: number
}

/** The matchers of `expect(outcome)`. An optional argument makes a matcher stricter. */
export interface RuleMatchers<R = void> {
  /** The login is allowed: it is not denied, redirected or challenged, and no rule failed. */
  toAllow(): R
  /** A rule denies the login; with this reason, or one that matches. */
  toDenyWith(reason?: TextOrPattern): R
  /** The ID token gets this claim; with this value. Reserved claims are never set. */
  toSetIdTokenClaim(name: string, value?: unknown): R
  /** The access token gets this claim; with this value. */
  toSetAccessTokenClaim(name: string, value?: unknown): R
  /** The user is redirected to this URL, or one that matches. */
  toRedirectTo(url: TextOrPattern): R
  /** A second factor is required; by this provider. */
  toChallengeWithMfa(provider?: string): R
  /** `auth0.users.updateAppMetadata`, or an action, saves metadata; with this data. */
  toUpdateAppMetadata(data?: unknown): R
  /** `auth0.users.updateUserMetadata`, or an action, saves metadata; with this data. */
  toUpdateUserMetadata(data?: unknown): R
  /** A rule logs a line that contains this text, or matches; on this level. */
  toHaveLogged(message: TextOrPattern, level?: 'debug' | 'log' | 'info' | 'warn' | 'error'): R
  /** A rule makes such a request; a text is the beginning of its URL. */
  toHaveRequested(request: TextOrPattern | ExpectedRequest): R
  /** All rules together use less CPU time than this, in milliseconds. */
  toTakeLessThan(cpuMs: number): R
}

type Matcher = (this: MatcherContext, received: unknown, ...expected: never[]) => MatcherResult

/** For `expect.extend` of vitest and jest. They check the outcome that `await rule(user, context)` resolves to. */
export const matchers = {
  toAllow(received) {
    return evaluate(this, received, 'toAllow', (outcome) => [
      outcome.outcome === 'allow',
      'the login to be allowed',
      describeEnd(outcome),
    ])
  },
  toDenyWith(received, reason?: TextOrPattern) {
    return evaluate(this, received, 'toDenyWith', (outcome) => [
      outcome.outcome === 'deny' && (reason === undefined || isMatch(outcome.reason ?? '', reason)),
      `the login to be denied${reason === undefined ? '' : ` with ${inspect(reason)}`}`,
      describeEnd(outcome),
    ])
  },
  toSetIdTokenClaim(received, name: string, ...value: unknown[]) {
    return evaluateClaim(this, received, { matcher: 'toSetIdTokenClaim', token: 'idToken', name, value })
  },
  toSetAccessTokenClaim(received, name: string, ...value: unknown[]) {
    return evaluateClaim(this, received, { matcher: 'toSetAccessTokenClaim', token: 'accessToken', name, value })
  },
  toRedirectTo(received, url: TextOrPattern) {
    return evaluate(this, received, 'toRedirectTo', (outcome) => [
      outcome.outcome === 'redirect' && isMatch(outcome.redirect?.url ?? '', url),
      `the user to be sent to ${inspect(url)}`,
      describeEnd(outcome),
    ])
  },
  toChallengeWithMfa(received, provider?: string) {
    return evaluate(this, received, 'toChallengeWithMfa', (outcome) => [
      outcome.outcome === 'challenge' && (provider === undefined || outcome.multifactor?.['provider'] === provider),
      `a second factor to be asked for${provider === undefined ? '' : ` by ${inspect(provider)}`}`,
      describeEnd(outcome),
    ])
  },
  toUpdateAppMetadata(received, ...data: unknown[]) {
    return evaluateUpdate(this, received, { matcher: 'toUpdateAppMetadata', of: 'app_metadata', data })
  },
  toUpdateUserMetadata(received, ...data: unknown[]) {
    return evaluateUpdate(this, received, { matcher: 'toUpdateUserMetadata', of: 'user_metadata', data })
  },
  toHaveLogged(received, message: TextOrPattern, level?: string) {
    return evaluate(this, received, 'toHaveLogged', ({ rules }) => {
      const lines = rules.flatMap(({ logs }) => logs)
      const hasMatch = lines.some(
        (line) => isPartialMatch(line.message, message) && (level === undefined || line.level === level),
      )
      const expected = `a line that ${message instanceof RegExp ? 'matches' : 'holds'} ${inspect(message)}`
      const loggedLines = lines.map((line) => `${line.level}: ${line.message}`)
      return [
        hasMatch,
        `${expected}${level === undefined ? '' : ` on the level ${level}`} to be logged`,
        `logged was ${formatList(loggedLines)}`,
      ]
    })
  },
  toHaveRequested(received, request: TextOrPattern | ExpectedRequest) {
    return evaluate(this, received, 'toHaveRequested', ({ rules }) => {
      const expected = typeof request === 'string' || isPattern(request) ? { url: request } : request
      const requests = rules.flatMap((rule) => rule.requests)
      const hasMatch = requests.some(
        ({ method, url, status }) =>
          (expected.method === undefined || expected.method === method) &&
          (expected.url === undefined ||
            (typeof expected.url === 'string' ? url.startsWith(expected.url) : expected.url.test(url))) &&
          (expected.status === undefined || expected.status === status),
      )
      const requestLines = requests.map(
        ({ method, url, status, error }) => `${method} ${url} → ${status ?? error ?? 'no answer'}`,
      )
      return [hasMatch, `a request like ${inspect(request)}`, `requested was ${formatList(requestLines)}`]
    })
  },
  toTakeLessThan(received, cpuMs: number) {
    return evaluate(this, received, 'toTakeLessThan', ({ rules }) => {
      const usedMs = rules.reduce((sum, rule) => sum + rule.cpuMs, 0)
      const cpuByRule = rules.map((rule) => `${rule.name} ${rule.cpuMs} ms`)
      return [
        usedMs < cpuMs,
        `the rules to take less than ${cpuMs} ms of CPU`,
        `they took ${usedMs.toFixed(3)} ms: ${formatList(cpuByRule)}`,
      ]
    })
  },
} satisfies Readonly<Record<keyof RuleMatchers, Matcher>>

type Evaluation = readonly [pass: boolean, expected: string, actual: string]

function evaluate(
  { isNot = false }: MatcherContext,
  received: unknown,
  matcher: string,
  evaluateOutcome: (outcome: Outcome) => Evaluation,
): MatcherResult {
  if (!isOutcome(received)) {
    const receivedText = inspect(received, { depth: 1, breakLength: Infinity }).slice(0, 200)
    const message = `${matcher} looks at the outcome that \`await rule(user, context)\` resolves to, and got ${receivedText}`
    return { pass: isNot, message: () => message }
  }
  const [pass, expected, actual] = evaluateOutcome(received)
  return { pass, message: () => `expected ${isNot ? 'not ' : ''}${expected}, but ${actual}` }
}

function evaluateClaim(
  context: MatcherContext,
  received: unknown,
  {
    matcher,
    token,
    name,
    value,
  }: { matcher: string; token: 'idToken' | 'accessToken'; name: string; value: readonly unknown[] },
): MatcherResult {
  return evaluate(context, received, matcher, (outcome) => {
    const claims = outcome.claims[token]
    const hasClaim = Object.hasOwn(claims, name)
    const tokenName = token === 'idToken' ? 'ID token' : 'access token'
    return [
      hasClaim && (value.length === 0 || context.equals(claims[name], value[0])),
      `the ${tokenName} to get the claim ${name}${value.length === 0 ? '' : ` with the value ${inspect(value[0])}`}`,
      hasClaim ? `its value is ${inspect(claims[name])}` : describeClaims(outcome, token, name),
    ]
  })
}

function evaluateUpdate(
  context: MatcherContext,
  received: unknown,
  { matcher, of, data }: { matcher: string; of: UserUpdate['of']; data: readonly unknown[] },
): MatcherResult {
  return evaluate(context, received, matcher, ({ updates = [] }) => {
    const savedUpdates = updates.filter((update) => update.of === of)
    return [
      savedUpdates.some((update) => data.length === 0 || context.equals(update.data, data[0])),
      `${of} to be updated${data.length === 0 ? '' : ` with ${inspect(data[0])}`}`,
      `updated was ${formatList(updates.map((update) => `${update.of} with ${inspect(update.data)}`))}`,
    ]
  })
}

/** An expected text is the whole text; a pattern may match a part. */
function isMatch(text: string, expected: TextOrPattern): boolean {
  return typeof expected === 'string' ? text === expected : expected.test(text)
}

function isPartialMatch(text: string, expected: TextOrPattern): boolean {
  return typeof expected === 'string' ? text.includes(expected) : expected.test(text)
}

/** Not `instanceof`: test runners have a `RegExp` for each test file. */
function isPattern(value: object): value is RegExp {
  return typeof (value as { test?: unknown }).test === 'function'
}
