import type { NewUser, Store } from '../../../src/store/index.ts'
import type { Bench } from '../store-case.ts'
import { connection } from '../store-case.ts'

/** The users that searches are tried on, by the names that the tables of expectations use. */
const people: Readonly<Record<string, NewUser>> = {
  ada: {
    connection,
    email: 'Ada.Lovelace@Example.com',
    email_verified: true,
    username: 'ada',
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    nickname: 'Countess',
    phone_number: '+15550100',
    picture: 'https://example.com/ada.png',
    app_metadata: {
      plan: 'gold',
      level: 5,
      beta: true,
      since: '2019-03-01',
      roles: ['admin', 'editor', 7],
      teams: [{ name: 'core', tags: ['x', 'y'] }, { name: 'docs' }],
      subscription: { plan: { tier: 'pro' } },
      'odd "key"': { 'with.dot': 1, 0: 'zero' },
    },
    user_metadata: { colour: 'Blue', addresses: [{ city: 'Paris' }, { city: 'London' }], size: 42 },
    hobby: 'chess',
    score: 1.5,
  },
  bob: {
    connection: 'facebook',
    provider: 'facebook',
    user_id: '10',
    isSocial: true,
    profileData: { locale: 'en', work: [{ employer: { name: 'Acme' } }] },
    email: 'bob@else.org',
    name: 'Émile Bob',
    nickname: 'b*b?',
    blocked: true,
    app_metadata: { plan: 'Gold', level: '5', beta: false, since: '2020-05-01', empty: '', none: null, roles: [] },
    hobby: ['go', 'chess'],
    score: 10,
  },
  eve: {
    connection: 'sms',
    provider: 'sms',
    email: 'eve@mail.example.com',
    name: '100%_eve [x] \\o/',
    family_name: 'ΑΣΔ',
    phone_number: '+15550199',
    phone_verified: false,
    app_metadata: { level: -2.5, deep: {}, plan: '', list: [[1, 'nested'], []] },
    user_metadata: { colour: 'red' },
  },
  zoe: { connection, username: 'Zoe', name: '', blocked: false },
}

/** Creates them in 2026, a month apart; bob logs in twice. */
export async function createPeople({ store, time }: Bench): Promise<void> {
  for (const [index, [name, person]] of Object.entries(people).entries()) {
    time.nowMs = Date.UTC(2026, index, 15, 12)
    await store.users.create({ user_id: name, ...person })
  }
  for (const day of [1, 2]) {
    await store.users.recordLogin('facebook|10', { ip: '192.0.2.1', atMs: Date.UTC(2026, 8, day) })
  }
}

const nameOf: Readonly<Record<string, string>> = {
  'auth0|ada': 'ada',
  'facebook|10': 'bob',
  'sms|eve': 'eve',
  'auth0|zoe': 'zoe',
}

/** Whom a search finds, oldest first. */
export async function find(store: Store, q: string): Promise<string> {
  const { users } = await store.users.list({ q })
  return users.map((user) => nameOf[user.user_id ?? '']).join(' ')
}
