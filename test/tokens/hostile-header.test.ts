import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Bench } from './forge.ts'
import { bench, encode, forge, forgeHmac, goodHeader, goodPayload, idTokenInput } from './forge.ts'

const refused = { code: 'INVALID_TOKEN' }
const rs = await bench('RS256')
const es = await bench('ES256')
const ed = await bench('EdDSA')
const benches: readonly [string, Bench][] = [
  ['RS256', rs],
  ['ES256', es],
  ['EdDSA', ed],
]

test.each(benches)(
  'a hand-made %s token with nothing wrong is accepted, so the cases below fail for their fault',
  async (_, b) => {
    await expect(b.issuer.verifyIdToken(forge(b.jwk, goodHeader(b.jwk), goodPayload))).resolves.toEqual(goodPayload)
  },
)

describe.each(benches)('JW-01: a token without a signature is refused (%s)', (_, { jwk, issuer }) => {
  const payload = encode(goodPayload)
  const signed = forge(jwk, goodHeader(jwk), goodPayload)
  test.each(['none', 'None', 'nOnE', 'NONE', '', null, 0, ['none'], undefined].map((alg) => ({ alg })))(
    '%j',
    async ({ alg }) => {
      const header = encode({ ...goodHeader(jwk), alg })
      for (const signature of ['', signed.split('.')[2]]) {
        await expect(issuer.verifyIdToken(`${header}.${payload}.${signature}`)).rejects.toMatchObject(refused)
      }
      await expect(issuer.verifyIdToken(`${header}.${payload}`)).rejects.toMatchObject(refused)
    },
  )

  test('a good header with the signature emptied, missing, zeroed or cut', async () => {
    const [header, , signature = ''] = signed.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const spoilt = [
      '',
      Buffer.alloc(bytes.length),
      bytes.subarray(1),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, bytes]),
    ]
    for (const one of spoilt) {
      const text = typeof one === 'string' ? one : one.toString('base64url')
      await expect(issuer.verifyIdToken(`${header}.${payload}.${text}`)).rejects.toMatchObject(refused)
    }
    await expect(issuer.verifyIdToken(`${header}.${payload}`)).rejects.toMatchObject(refused)
  })
})

describe('JW-02: a public key is never an HMAC secret', () => {
  test.each(benches)('%s', async (_, { jwk, issuer }) => {
    const publicJwk = issuer.getJwks().keys[0] ?? {}
    const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' })
    const secrets = [
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'spki', format: 'pem' }).toString().trim(),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicJwk),
      JSON.stringify(issuer.getJwks()),
      String(publicJwk.n ?? publicJwk.x),
    ]
    for (const alg of ['HS256', 'hs256', jwk.alg]) {
      for (const secret of secrets) {
        const token = forgeHmac(secret, { ...goodHeader(jwk), alg }, goodPayload)
        await expect(issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
      }
    }
  })

  test('the algorithm must be that of the key, even where both are allowed', async () => {
    for (const alg of ['ES256', 'PS256', 'RS384', 'RS512', 'EdDSA']) {
      const token = forge(rs.jwk, { ...goodHeader(rs.jwk), alg }, goodPayload)
      await expect(rs.issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
    }
  })
})

describe('JW-03: the header cannot bring or point to a key', () => {
  const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const attackerJwk = attacker.privateKey.export({ format: 'jwk' })

  const kids = [
    '../../../../dev/null',
    "x' UNION SELECT 'k",
    '__proto__',
    'constructor',
    'toString',
    '0',
    '',
    'k'.repeat(10_240),
    ['array'],
    [es.jwk.kid],
    { kid: 1 },
    null,
    0,
    true,
  ]
  test.each(kids.map((kid) => ({ kid })))('a kid that is not ours is refused: %#', async ({ kid }) => {
    const token = forge(es.jwk, { ...goodHeader(es.jwk), kid }, goodPayload)
    await expect(es.issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
  })

  test('a token without kid is refused', async () => {
    const token = forge(es.jwk, { alg: 'ES256', typ: 'JWT' }, goodPayload)
    await expect(es.issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
  })

  test('jku, x5u, x5c and jwk are ignored, and nothing is fetched', async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests += 1
      response.end(JSON.stringify({ keys: [attacker.publicKey.export({ format: 'jwk' })] }))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
    const bait = { jku: url, x5u: url, x5c: ['MIIB'], jwk: attacker.publicKey.export({ format: 'jwk' }) }
    try {
      for (const kid of [es.jwk.kid, 'theirs', undefined]) {
        const token = forge(attackerJwk, { ...goodHeader(es.jwk), ...bait, kid }, goodPayload)
        await expect(es.issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
      }
      const ours = forge(es.jwk, { ...goodHeader(es.jwk), ...bait }, goodPayload)
      await expect(es.issuer.verifyIdToken(ours)).resolves.toEqual(goodPayload)
      expect(requests).toBe(0)
    } finally {
      server.close()
    }
  })
})

describe('JW-04: no extension is understood', () => {
  test.each([
    { crit: ['exp'], exp: 1 },
    { crit: ['https://example.com/ext'], 'https://example.com/ext': true },
    { crit: ['b64'], b64: false },
    { crit: ['b64'], b64: true },
    { b64: false },
    { b64: true },
    { crit: [] },
    { crit: 'b64', b64: false },
    { crit: null },
    { crit: ['alg'] },
  ])('%j is refused', async (extension) => {
    const token = forge(es.jwk, { ...goodHeader(es.jwk), ...extension }, goodPayload)
    await expect(es.issuer.verifyIdToken(token)).rejects.toMatchObject(refused)
  })

  test('an unencoded payload is refused', async () => {
    const header = encode({ ...goodHeader(es.jwk), b64: false, crit: ['b64'] })
    const signature = forge(es.jwk, goodHeader(es.jwk), goodPayload).split('.')[2]
    await expect(
      es.issuer.verifyIdToken(`${header}.${JSON.stringify(goodPayload)}.${signature}`),
    ).rejects.toMatchObject(refused)
  })
})

test('a token reads the same in one spelling only: padding, other alphabets and loose bits are refused', async () => {
  const token = (await rs.issuer.signIdToken(idTokenInput)).split('.')
  const last = token[2] ?? ''
  // 256 signature bytes leave four unused bits in the last character.
  const loose = last.slice(0, -1) + String.fromCharCode(last.charCodeAt(last.length - 1) + 1)
  for (const signature of [`${last}=`, `${last}==`, ` ${last}`, `${last}\n`, last.replace(/[\w-]$/, '+'), loose]) {
    const spelled = [token[0], token[1], signature].join('.')
    await expect(rs.issuer.verifyIdToken(spelled)).rejects.toMatchObject(refused)
  }
})
