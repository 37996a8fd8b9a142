import nock from 'nock'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadRule } from './load-rule.ts'

type Error1 = { readonly message: string }
type Rows = readonly (readonly { readonly value: string }[])[]
type QueryDone = (error: Error1 | null, count?: number, rows?: Rows) => void

beforeEach(() => {
  if (!nock.isActive()) nock.activate()
})
afterAll(() => nock.restore())

describe('roles-from-database', () => {
  const user = { email: 'ada@example.com', email_verified: true }
  let on: ReturnType<typeof vi.fn>
  let connection: { on: typeof on; execSql: ReturnType<typeof vi.fn> }
  let tedious: { Connection: ReturnType<typeof vi.fn>; Request: ReturnType<typeof vi.fn>; TYPES: { VarChar: string } }
  let context: { idToken: Record<string, unknown> }

  beforeEach(() => {
    on = vi.fn<(event: string, listener: (error: Error1 | null) => void) => object>(() => connection)
    connection = { on, execSql: vi.fn<(request: object) => void>() }
    tedious = {
      Connection: vi.fn<(options: object) => object>(function Connection() {
        return connection
      }),
      Request: vi.fn<(sql: string, done: QueryDone) => object>(function Request() {
        return { addParameter: vi.fn<() => void>() }
      }),
      TYPES: { VarChar: 'VarChar' },
    }
    context = { idToken: {} }
  })

  const load = () => loadRule('roles-from-database', { configuration: { DATABASE_HOST: 'db' } }, { tedious })

  test('asks nobody for users whose address is not confirmed', () => {
    const callback = vi.fn<(error: unknown) => void>()
    load()({ email_verified: false }, context, callback)
    expect(callback).toHaveBeenCalledOnce()
    expect(callback.mock.calls[0]?.[0]).toBeNull()
    expect(tedious.Connection).not.toHaveBeenCalled()
  })

  test('puts the roles into the ID token, when the test plays the database', () => {
    const callback = vi.fn<(error: unknown, user: object, context: { idToken: object }) => void>()
    load()(user, context, callback)
    expect(tedious.Connection).toHaveBeenCalledWith({ server: 'db' })
    const [, connected] = on.mock.calls[1] as [string, (error: null) => void]
    connected(null)
    expect(connection.execSql).toHaveBeenCalledWith(tedious.Request.mock.results[0]?.value)
    const [, done] = tedious.Request.mock.calls[0] as [string, QueryDone]
    done(null, 2, [[{ value: 'admin' }], [{ value: 'author' }]])
    expect(callback).toHaveBeenCalledWith(null, user, context)
    expect(context.idToken).toEqual({ 'https://example.com/roles': ['admin', 'author'] })
  })

  test('fails where the database cannot be reached', async () => {
    const ended = new Promise((resolve) => load()(user, context, resolve))
    const [, connected] = on.mock.calls[1] as [string, (error: Error1) => void]
    connected(new Error('no route'))
    const error = await ended
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ message: 'no route' })
  })
})

describe('office-hours', () => {
  const UnauthorizedError = function UnauthorizedError() {}
  afterEach(() => void vi.useRealTimers())

  test.each([
    ['2026-03-02T07:59:00Z', true],
    ['2026-03-02T08:00:00Z', false],
    ['2026-03-02T18:00:00Z', true],
  ])('at %s a refusal is %s', (now, refused) => {
    vi.useFakeTimers({ now: new Date(now) })
    let seen: unknown
    loadRule('office-hours', { UnauthorizedError })({}, { clientName: 'Payroll' }, (error) => {
      seen = error
    })
    if (refused) expect(seen).toBeInstanceOf(UnauthorizedError)
    else expect(seen).toBeNull()
  })
})

describe('welcome-mail', () => {
  const auth0 = {
    users: {
      updateAppMetadata: (id: string) =>
        id === 'broken' ? Promise.reject(new Error('the store is away')) : Promise.resolve(),
    },
  }
  const load = () => loadRule('welcome-mail', { configuration: { MAIL_KEY: 'key' }, auth0 })
  const mail = (body: unknown = () => true) => nock('https://mail.example.com').post('/v1/send', body as never)
  const ending = (user: object) => new Promise((resolve) => load()(user, {}, (error) => resolve(error)))

  test('sends one mail, and remembers it', async () => {
    mail({ to: 'ada@example.com', subject: 'Welcome, Ada' })
      .basicAuth({ user: 'api', pass: 'key' })
      .reply(202, { id: 'm1' })
    const user = { user_id: 'u', email: 'ada@example.com', name: 'Ada', app_metadata: {} }
    expect(await ending(user)).toBeNull()
    expect(user.app_metadata).toEqual({ welcomed: 'm1' })
    expect(nock.isDone()).toBe(true)
  })

  test('sends none to those who had one', async () => {
    expect(await ending({ app_metadata: { welcomed: 'm1' } })).toBeNull()
  })

  test.each([
    ['the mailer refuses', () => mail().reply(500), 'u', 'mail was not taken: 500'],
    ['the line is dead', () => mail().replyWithError('dead'), 'u', 'dead'],
    ['the update fails', () => mail().reply(202, { id: 'm1' }), 'broken', 'the store is away'],
  ])('fails where %s', async (_, answer, user_id, message) => {
    answer()
    const error = await ending({ user_id })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ message })
  })
})

describe('tell-the-team', () => {
  const run = (loginsCount: number, slack: unknown) =>
    loadRule(
      'tell-the-team',
      { configuration: { SLACK_HOOK: 'https://hooks.example.com' } },
      { 'slack-notify': slack },
    )({ name: 'Ada', created_at: new Date(0) }, { stats: { loginsCount } })

  test('tells of a first login, through a function that a function gave', async () => {
    const send = vi.fn<(message: object) => void>()
    const extend = vi.fn<(defaults: object) => typeof send>(() => send)
    const slack = vi.fn<(hook: string) => object>(() => ({ extend }))
    await run(1, slack)
    expect(slack).toHaveBeenCalledWith('https://hooks.example.com')
    expect(extend).toHaveBeenCalledWith({ channel: '#signups', icon: ':wave:' })
    expect(send).toHaveBeenCalledWith({ text: 'Ada', fields: { at: '1970-01-01T00:00:00.000Z' } })
  })

  test('is silent about later ones', async () => {
    const send = vi.fn<(message: object) => void>()
    await run(2, () => ({ extend: () => send }))
    expect(send).not.toHaveBeenCalled()
  })
})

describe('plan-from-billing', () => {
  class Client {
    readonly key: string
    readonly accounts = {
      find: async (email: string) => {
        if (email === 'none@example.com') throw Object.assign(new Error('no account'), { code: 'E_NO_ACCOUNT' })
        if (email === '') throw new TypeError('an address is needed')
        return { plan: async () => ({ name: `gold of ${this.key}` }) }
      },
    }
    constructor(key: string) {
      this.key = key
    }
  }
  const end = (email: string, context: object = { accessToken: {} }) =>
    new Promise((resolve) =>
      loadRule('plan-from-billing', { configuration: { BILLING_KEY: 'k' }, global: {} }, { billing: { Client } })(
        { email },
        context,
        (error) => resolve(error),
      ),
    )

  test('gives the plan', async () => {
    const context = { accessToken: {} }
    expect(await end('ada@example.com', context)).toBeNull()
    expect(context.accessToken).toEqual({ 'https://example.com/plan': 'gold of k' })
  })

  test('refuses with a text, or with the error that the client threw', async () => {
    expect(await end('none@example.com')).toBe('You have no account.')
    expect(await end('')).toBeInstanceOf(TypeError)
  })
})
