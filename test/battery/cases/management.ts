import { hostileQueries } from '../../store/search/hostile.ts'
import { type Answer, type RunningAuthServer, adaEmail, connection, startAuthServer } from './auth-server.ts'
import type { ProgramCase } from './battery-case.ts'
import type { BatteryId } from './rows.ts'
import { judge } from './run-rules.ts'
import { hostOnly } from './variants.ts'

/** A case that has a server to itself; `attack` lists what went wrong. */
export function serverCase(
  facts: { readonly id: BatteryId; readonly mechanism: string; readonly expected: string },
  attack: (server: RunningAuthServer) => Promise<readonly string[]>,
): ProgramCase {
  return {
    ...facts,
    variants: hostOnly,
    async run() {
      const server = await startAuthServer()
      try {
        return judge(await attack(server), facts.expected)
      } finally {
        await server.close()
      }
    },
  }
}

const forbidden: readonly object[] = [
  { user_id: 'auth0|eve' },
  { identities: [] },
  { password_hash: 'x' },
  { tenant: 'other' },
  { _id: 'x' },
  { created_at: 'now' },
  { logins_count: 0 },
  { roles: ['admin'] },
  { app_metadata: { identities: [] } },
  { app_metadata: { _id: 'x' } },
  { user_metadata: { 'a.b': 1 } },
  { app_metadata: { deep: [{ $set: 1 }] } },
]
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
const forbiddenTexts = [
  '{"__proto__":{"blocked":true}}',
  '{"user_metadata":{"__proto__":{"admin":true}}}',
  '{"user_metadata":{"constructor":{"prototype":{"admin":true}}}}',
  `{"user_metadata":${deep(100_000)}}`,
  '{"name":"a\\u0000b"}',
  '{"name":"\\ud800"}',
  '[]',
  '',
]

async function assign({ call, store, adaId }: RunningAuthServer): Promise<string[]> {
  const complaints: string[] = []
  const before = JSON.stringify(await store.users.get(adaId))
  const path = `/users/${encodeURIComponent(adaId)}`
  for (const body of [...forbidden, ...forbiddenTexts]) {
    const { status } = await call('PATCH', path, body)
    if (status !== 400) complaints.push(`PATCH ${JSON.stringify(body).slice(0, 60)} is ${status}`)
  }
  for (const body of forbidden.slice(1)) {
    const { status } = await call('POST', '/users', {
      connection,
      email: 'eve@example.com',
      password: 'a good long password',
      ...body,
    })
    if (status !== 400) complaints.push(`POST ${JSON.stringify(body)} is ${status}`)
  }
  if (JSON.stringify(await store.users.get(adaId)) !== before) complaints.push('the user has changed')
  if (({} as { blocked?: boolean }).blocked !== undefined) complaints.push('Object.prototype is polluted')
  return complaints
}

/** Uses a user's own token on somebody else. */
async function crossUsers({ logIn, send, store, adaId }: RunningAuthServer): Promise<string[]> {
  const eve = await store.users.create({ connection, email: 'eve@example.com', password: 'a good long password' })
  const scope = 'openid read:current_user update:current_user_metadata'
  const audience = 'http://127.0.0.1:3999/api/v2/'
  const login = await logIn({ username: 'eve@example.com', password: 'a good long password', scope, audience })
  const token = (JSON.parse(login.text) as { access_token?: string }).access_token ?? ''
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const ask = (id: string, init: RequestInit, method = 'GET'): Promise<Answer> =>
    send(method, `/api/v2/users/${encodeURIComponent(id)}`, { headers, ...init })
  const ends = [
    [await ask(eve.user_id ?? '', {}), 200],
    [await ask(adaId, {}), 403],
    [await ask(adaId, { body: '{"user_metadata":{"a":1}}' }, 'PATCH'), 403],
    [await ask(eve.user_id ?? '', { body: '{"app_metadata":{"a":1}}' }, 'PATCH'), 403],
    [await send('GET', '/api/v2/users', { headers }), 403],
  ] as const
  return ends.flatMap(([{ status }, expected], index) => (status === expected ? [] : [`call ${index} is ${status}`]))
}

const privateFields = [
  'password',
  'password_hash',
  'passwords.hash',
  'hash',
  'refresh_tokens',
  'client_secret',
  '__proto__',
  'constructor',
]
const privateQueries = privateFields.flatMap((field) => [
  `q=${field}:*`,
  `q=${field}:a*`,
  `q=_exists_:${field}`,
  `sort=${field}:1`,
  `fields=${field}`,
])
const operatorQueries = [
  'q[$ne]=x',
  'q=%7B%22%24gt%22%3A%22%22%7D',
  'sort[a]=1',
  'per_page=1e9',
  'per_page=-1',
  'page=1;drop',
  'sort=email:1,2',
]

async function search({ call }: RunningAuthServer): Promise<string[]> {
  const complaints: string[] = []
  for (const query of [...privateQueries, ...operatorQueries]) {
    const { status, text } = await call('GET', `/users?${query}`)
    if (![200, 400].includes(status)) complaints.push(`${query} is ${status}`)
    if (/\$argon2|sqlite|syntax error at|select /i.test(text)) complaints.push(`${query} tells ${text.slice(0, 80)}`)
    const isAboutPrivate = /^q=(?:password|hash|_exists_:pass|refresh|client_secret)/.test(query)
    if (isAboutPrivate && status === 200 && text !== '[]') complaints.push(`${query} finds users`)
  }
  return complaints
}

async function bomb({ call }: RunningAuthServer): Promise<string[]> {
  const complaints: string[] = []
  const bombs = [
    '*'.repeat(500),
    '*a'.repeat(200),
    '/(a+)+$/',
    'a~2^3',
    '('.repeat(1e3),
    'NOT '.repeat(400),
    `${'a*?'.repeat(300)}b`,
    Array(5e3).fill('name:a*').join(' OR '),
    Array(64).fill('*aaa*').join(' OR '),
    'name:[* TO *]',
    '-1e400 TO 1e400',
  ]
  const queries = [...bombs, ...hostileQueries.filter((_, index) => index % 10 === 0)]
  for (const query of queries) {
    if (!query.isWellFormed()) continue
    const { status, text } = await call('GET', `/users?q=${encodeURIComponent(query)}`)
    if (![200, 400, 503].includes(status)) complaints.push(`${query.slice(0, 40)} is ${status}: ${text.slice(0, 80)}`)
  }
  const { status } = await call('GET', `/users?q=${encodeURIComponent(`email:${adaEmail}`)}`)
  if (status !== 200) complaints.push(`a good search is ${status} afterwards`)
  return complaints
}

async function confuseEndpoints({ logIn, send, postForm, getManagementToken }: RunningAuthServer): Promise<string[]> {
  const tokens = JSON.parse((await logIn()).text) as { access_token: string; id_token: string }
  const management = await getManagementToken()
  const userinfo = (token: string): Promise<Answer> =>
    send('GET', '/userinfo', { headers: { authorization: `Bearer ${token}` } })
  const tokeninfo = (token: string): Promise<Answer> => postForm('/tokeninfo', { id_token: token })
  const [head = '', body = ''] = tokens.id_token.split('.')
  const [accessHead = '', accessBody = ''] = tokens.access_token.split('.')
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
  const refused = [
    ...[
      tokens.id_token,
      management,
      `${accessHead}.${accessBody}.`,
      `${none}.${accessBody}.`,
      'x',
      `${accessHead}.${accessBody}`,
    ].map(userinfo),
    ...[tokens.access_token, management, `${head}.${body}.`, `${none}.${body}.`, 'x.y.z'].map(tokeninfo),
  ]
  const complaints: string[] = []
  for (const [index, answer] of (await Promise.all(refused)).entries()) {
    if (answer.status !== 401) complaints.push(`call ${index} is ${answer.status}`)
    if (/ada@example|auth0\|/.test(answer.text)) complaints.push(`call ${index} echoes claims`)
  }
  const good = [await userinfo(tokens.access_token), await tokeninfo(tokens.id_token)]
  if (good.some(({ status }) => status !== 200)) complaints.push('a good token is refused')
  return complaints
}

/** The Management API, and what else takes tokens. */
export const managementCases: readonly ProgramCase[] = [
  serverCase(
    { id: 'JW-06', mechanism: 'each token at the endpoint of another, and unsigned copies of it', expected: '401' },
    confuseEndpoints,
  ),
  serverCase(
    {
      id: 'MA-01',
      mechanism: `${forbidden.length + forbiddenTexts.length} members and bodies that a call must not set`,
      expected: '400, nothing stored',
    },
    assign,
  ),
  serverCase(
    { id: 'MA-01', mechanism: 'a user’s own token on somebody else, and on app_metadata', expected: '403' },
    crossUsers,
  ),
  serverCase(
    {
      id: 'MA-02',
      mechanism: `${privateQueries.length + operatorQueries.length} searches on private fields and with operators`,
      expected: 'nothing found or told',
    },
    search,
  ),
  serverCase(
    {
      id: 'MA-03',
      mechanism: 'wildcards, expressions, fuzzy terms, ranges and 5,000 clauses',
      expected: '200, 400 or 503',
    },
    bomb,
  ),
]
