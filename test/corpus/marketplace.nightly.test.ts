import { globSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { checkRules } from '../../src/migration/check/check-rules.ts'
import { useEngine } from '../engine/use-engine.ts'
import { accessPairs } from './marketplace/access-pairs.ts'
import { callingPairs } from './marketplace/calling-pairs.ts'
import { multifactorPairs } from './marketplace/multifactor-pairs.ts'
import { lifetimeRows, ownActions } from './marketplace/own-actions.ts'
import { type Pair, type Shown, loginOf, now, uneventful } from './marketplace/pair.ts'
import { profilePairs } from './marketplace/profile-pairs.ts'
import { modulesFolder } from './modules-folder.ts'
import { user } from './row.ts'
import { savingInto } from './saved-metadata.ts'
import { StubHosts } from './stub-hosts.ts'

const corpus = process.env['CLAIMSMITH_CORPUS']
const pairs: Readonly<Record<string, Pair>> = { ...accessPairs, ...callingPairs, ...multifactorPairs, ...profilePairs }

/** What Actions of each trigger export. */
const handlers: Readonly<Record<string, string>> = {
  CREDENTIALS_EXCHANGE: 'onExecuteCredentialsExchange',
  CUSTOM_TOKEN_EXCHANGE: 'onExecuteCustomTokenExchange',
  PASSWORD_RESET_POST_CHALLENGE: 'onExecutePostChallenge',
  POST_CHANGE_PASSWORD: 'onExecutePostChangePassword',
  POST_LOGIN: 'onExecutePostLogin',
  POST_USER_REGISTRATION: 'onExecutePostUserRegistration',
  PRE_USER_REGISTRATION: 'onExecutePreUserRegistration',
  SEND_PHONE_MESSAGE: 'onExecuteSendPhoneMessage',
}
const called = ['CREDENTIALS_EXCHANGE', 'POST_LOGIN']
const triggerOf = (action: string): string => /-([A-Z_]+)$/.exec(action)?.[1] ?? ''

const rows = Object.entries(pairs).flatMap(([action, pair]) =>
  Object.entries(pair.logins).map(([which, login]) => ({ action, which, pair, login })),
)

describe.skipIf(corpus === undefined)(
  'the Actions of auth0/opensource-marketplace, where CLAIMSMITH_CORPUS names a folder that has them and auth0/rules',
  () => {
    const from = corpus ?? ''
    const files = new Map(
      globSync(join(from, 'opensource-marketplace/templates/*/code.js')).map((file) => [basename(dirname(file)), file]),
    )
    const modules = modulesFolder({ auth0: 'auth0-v4', 'ipaddr.js': 'ipaddr.js', 'slack-notify': 'slack-notify' })
    const hosts = new StubHosts()
    const saved: unknown[] = []
    const { engine } = useEngine({
      modulesFolder: modules,
      network: { fetch: hosts.fetch },
      limits: { cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 },
      users: savingInto(saved),
    })
    const clock = { startMs: now, moves: false }

    afterAll(() => rmSync(modules, { recursive: true, force: true }))

    async function shownBy(run: () => Promise<Outcome>): Promise<Shown> {
      hosts.requests.length = 0
      saved.length = 0
      const { outcome, reason, reasonCode, multifactor, claims, context } = await run()
      const { samlConfiguration = {} } = context
      const requests = await Promise.all(
        hosts.requests.map(async ({ request, text }) => [request, await text] as const),
      )
      return {
        outcome,
        reason,
        reasonCode,
        multifactor,
        ...claims,
        samlConfiguration,
        saved: [...saved],
        requests,
      }
    }

    /** The Action as a login calls it, whichever trigger it is for. `api.cache` is that of a ruleset: each login has its own. */
    function actionAs(
      action: string,
      which: string,
      secrets: Pair['secrets'] = {},
    ): Parameters<typeof engine.replace>[0] {
      const trigger = triggerOf(action)
      const code = readFileSync(files.get(action) ?? '', 'utf8')
      const script = called.includes(trigger)
        ? code
        : code.replace(`exports.${handlers[trigger]} `, 'exports.onExecutePostLogin ')
      return [{ name: `${action} for a login ${which}`, script, secrets }]
    }

    test('each is a port of a rule, and has a row, or is of its own', () => {
      expect([...files.keys()].toSorted()).toEqual(
        [...Object.keys(pairs), ...Object.values(ownActions).flat()].toSorted(),
      )
      expect(Object.keys(pairs)).toHaveLength(44)
      expect(new Set(Object.values(pairs).map(({ rule }) => rule)).size).toBe(25)
    })

    test.each(rows)('$action does for a login $which what its rule does, or differs as it says', async (row) => {
      const { action, which, pair, login } = row
      hosts.answers = login.answers ?? pair.answers ?? {}
      const rule = readFileSync(join(from, 'rules/src/rules', `${pair.rule}.js`), 'utf8')
      await engine.replace([{ name: pair.rule, script: rule }], pair.configuration ?? {})
      const byRule = await shownBy(() => engine.run(loginOf(login), { time: clock }))
      expectShown(byRule, login.shows)

      await engine.replace(actionAs(action, which, pair.secrets))
      const byAction = await shownBy(() =>
        triggerOf(action) === 'CREDENTIALS_EXCHANGE'
          ? engine.exchangeCredentials(loginOf(login), { time: clock })
          : engine.run(loginOf(login), { time: clock }),
      )
      const { because, action: other = {} } = login.differs ?? {}
      expectShown(byAction, { ...login.shows, ...other }, because)
      const differing = Object.keys(other).filter(
        (member) => !isDeepStrictEqual(byAction[member as keyof Shown], byRule[member as keyof Shown]),
      )
      expect(differing, because).toEqual(Object.keys(other))
    })

    test.each(lifetimeRows)('a session $which ends when its Action says', async ({ which, ...row }) => {
      await engine.replace(actionAs(ownActions.lifetimes, which))
      const after = await engine.run({ user, context: row.context }, { time: clock })
      expect(after.outcome).toBe('allow')
      expect(after.context['session']).toEqual(row.session)
      expect(after.rules[0]?.logs).toEqual([])
    })

    const checked = [...Object.keys(pairs), ownActions.lifetimes, ...ownActions.exchanges]
    test.each(checked)('%s: claimsmith check says whether it runs, and why not', (action) => {
      const report = checkRules(files.get(action) ?? '', { modules, secrets: pairs[action]?.secrets ?? {} })
      const errors = report.rules.flatMap(({ findings }) => findings.filter(({ level }) => level === 'error'))
      expect(errors.map(({ kind, message }) => [kind, message])).toEqual(troubleWith(action))
    })
  },
)

function troubleWith(action: string): readonly unknown[] {
  const trigger = triggerOf(action)
  return called.includes(trigger)
    ? []
    : [['syntax', expect.stringContaining(`It exports ${handlers[trigger]}, which no login calls;`)]]
}

function expectShown(shown: Shown, expected: Partial<Shown>, because?: string): void {
  const { requests, ...rest } = { ...uneventful, ...expected }
  expect({ ...shown, requests: shown.requests.map(([request]) => request) }, because).toEqual({
    ...rest,
    requests: requests.map(([request]) => request),
  })
  for (const [index, [, text = '']] of shown.requests.entries()) {
    for (const part of requests[index]?.slice(1) ?? []) expect(text, because).toContain(part)
  }
}
