import { describe, expect, test } from 'vitest'
import { selectAddresses } from '../../src/sandbox/net/worker/find-address.ts'
import { createNetworkPolicy } from '../../src/sandbox/net/worker/network-policy.ts'
import { useEngine } from '../engine/use-engine.ts'
import { useServer } from './http-server.ts'

const closed = createNetworkPolicy({})

describe('addresses that are not public', () => {
  /** The special-purpose registries of IANA, for IPv4 and IPv6, and what cloud hosts add to them. */
  const special = `
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 168.63.129.16 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1
    203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::2 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1
    64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 4000::1
    fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 1::1 e000::1`

  test.each(special.trim().split(/\s+/))('%s is refused', (address) => {
    expect(closed.checkAddress(address, address, 80)).toMatch(/it is not in the engine's network\.allow$/)
  })

  test.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001:82a::200e'])('%s is public', (address) => {
    expect(closed.checkAddress(address, address, 443)).toBeUndefined()
  })

  test('what is no address is refused', () => {
    for (const address of ['', 'localhost', '::g']) {
      expect(closed.checkAddress(address, 'x', 80)).toMatch(/no valid address/)
    }
  })
})

test.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://017700000001/',
  'http://0177.0.0.1/',
  'http://0/',
  'http://127.0.0.1./',
  'http://①②⑦.⓪.⓪.①/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:7f00:1]/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]/',
  'http://user@8.8.8.8/',
  'http://8.8.8.8:22/',
  'http://8.8.8.8:25/',
  'http://8.8.8.8:6379/',
  'ftp://8.8.8.8/',
  'file:///etc/passwd',
  'data:text/plain,x',
  'unix:/var/run/docker.sock',
])('%s is refused before anything is connected', (url) => {
  expect(closed.checkUrl(new URL(url))).toEqual(expect.any(String))
})

describe('what the embedder allows', () => {
  test.each([
    ['10.0.0.0/8', '10.1.2.3', 'x', 80, true],
    ['10.0.0.0/8', '192.168.0.1', 'x', 80, false],
    ['10.0.0.1:8080', '10.0.0.1', 'x', 8080, true],
    ['10.0.0.1:8080', '10.0.0.1', 'x', 80, false],
    ['crm.internal', '10.0.0.1', 'crm.internal', 80, true],
    ['crm.internal:443', '10.0.0.1', 'crm.internal', 80, false],
    ['crm.internal', '10.0.0.1', 'other.internal', 80, false],
    ['LOCALHOST', '127.0.0.1', 'localhost', 80, true],
    ['[::1]:8080', '::1', 'x', 8080, true],
    ['::1', '::1', 'x', 80, true],
    ['fd00::/8', 'fd00::1', 'x', 80, true],
    ['fd00::/8', 'fc00::1', 'x', 80, false],
  ])('%s: is %s for %s on port %d allowed? %s', (allow, ...[address, host, port, allowed]) => {
    expect(createNetworkPolicy({ allow: [allow] }).checkAddress(address, host, port) === undefined).toBe(allowed)
  })

  test('a port of another protocol is allowed by its number only', () => {
    const mail = new URL('http://10.0.0.1:25/')
    expect(createNetworkPolicy({ allow: ['10.0.0.0/8'] }).checkUrl(mail)).toMatch(/another protocol/)
    expect(createNetworkPolicy({ allow: ['10.0.0.1:25'] }).checkUrl(mail)).toBeUndefined()
  })
})

describe('a connection that carries something else than HTTP', () => {
  test.each<[allow: string[], host: string, port: number, address: string | undefined, refused: RegExp | undefined]>([
    [[], '8.8.8.8', 5432, undefined, undefined],
    [[], 'db.example.com', 3306, '8.8.8.8', undefined],
    [[], 'db.example.com', 3306, undefined, undefined],
    [[], '8.8.8.8', 7_654, undefined, undefined],
    [[], '8.8.8.8', 25, undefined, /port 25 of 8\.8\.8\.8 must be allowed by its number/],
    [[], 'mail.example.com', 587, undefined, /port 587/],
    [['mail.example.com:587'], 'mail.example.com', 587, '8.8.8.8', undefined],
    [[], 'db.example.com', 5432, '10.0.0.1', /a private address/],
    [[], '127.0.0.1', 5432, undefined, /^127\.0\.0\.1 is a loopback address/],
    [[], 'db.local', 5432, '127.0.0.1', /^db\.local leads to a loopback address/],
    [['127.0.0.1'], '127.0.0.1', 5432, undefined, /^port 5432 of 127\.0\.0\.1 must be allowed/],
    [['10.0.0.0/8'], 'db.internal', 5432, '10.0.0.1', /^port 5432 of db\.internal must be allowed by its number/],
    [['10.0.0.0/8:5432'], 'db.internal', 5432, '10.0.0.1', undefined],
    [['db.internal:5432'], 'db.internal', 5432, '10.0.0.1', undefined],
    [['db.internal:5432'], 'db.internal', 6379, '10.0.0.1', /a private address/],
    [['10.0.0.0/8'], 'cache.internal', 7_654, '10.0.0.1', undefined],
  ])('where %j is allowed, to %s on port %d, found at %s', (allow, ...[host, port, address, refused]) => {
    const refusal = createNetworkPolicy({ allow }).checkConnection(host, port, address)
    if (refused === undefined) expect(refusal).toBeUndefined()
    else expect(refusal).toMatch(refused)
  })
})

describe('what a rule learns of a refusal', () => {
  test.each([
    ['a name', 'crm.internal', 'crm.internal leads to a private address'],
    ['the address itself', '10.1.2.3', '10.1.2.3 is a private address'],
    ['the same address in another form', '::ffff:10.1.2.3', '::ffff:10.1.2.3 is a private address'],
  ])('for %s, no address but its own', (_what, host, said) => {
    for (const reason of [closed.checkAddress('10.1.2.3', host, 80), closed.checkConnection(host, 5432, '10.1.2.3')]) {
      expect(reason).toBe(`${said}; it is not in the engine's network.allow`)
    }
  })
})

describe('an answer of a name server', () => {
  const select = (addresses: string[], allow: string[] = []): readonly string[] =>
    selectAddresses('crm.example', addresses, (address) =>
      createNetworkPolicy({ allow }).checkAddress(address, 'crm.example', 443),
    )

  test('with public addresses only gives all of them', () => {
    expect(select(['8.8.8.8', '2606:4700:4700::1111'])).toEqual(['8.8.8.8', '2606:4700:4700::1111'])
  })

  test.each([
    ['first', ['10.0.0.1', '8.8.8.8']],
    ['last', ['8.8.8.8', '10.0.0.1']],
    ['of the other family', ['8.8.8.8', '::1']],
  ])('is refused as a whole if it mixes in a private address, %s', (_where, addresses) => {
    expect(() => select(addresses)).toThrow(/mixed answer is refused as a whole/)
    expect(() => select(addresses)).toThrow(expect.objectContaining({ code: 'NETWORK_REFUSED' }))
  })

  test('may mix public addresses with allowed ones', () => {
    expect(select(['8.8.8.8', '10.0.0.1'], ['10.0.0.0/8'])).toEqual(['8.8.8.8', '10.0.0.1'])
  })

  test('gives the allowed ones of several private addresses', () => {
    expect(select(['127.0.0.1', '::1'], ['127.0.0.1'])).toEqual(['127.0.0.1'])
  })
})

describe('a rule', () => {
  let served = 0
  const server = useServer((_request, response) => {
    served++
    response.end()
  })
  const { run } = useEngine()

  /** Names are resolved by the system: those that lead to loopback are refused by the address that was found. */
  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]', '[::ffff:127.0.0.1]', '0', '127.1'])(
    'does not reach a server of this machine as %s',
    async (host) => {
      const script = `async (user, context, callback) => {
        user.code = await fetch('http://${host}:${server.port}/').then(() => 'reached', (error) => error.code);
        callback(null, user, context) }`
      expect((await run(script)).user['code']).toBe('NETWORK_REFUSED')
      expect(served).toBe(0)
    },
  )
})
