import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIssuer } from '../../../src/tokens/issuer.ts'
import { createKeyring } from '../../../src/tokens/keyring.ts'
import type { Bench } from '../../tokens/forge.ts'
import {
  accessTokenInput,
  bench,
  encode,
  forge,
  forgeHmac,
  goodHeader,
  goodPayload,
  idTokenInput,
  issuerUrl,
} from '../../tokens/forge.ts'
import type { ProgramCase } from './battery-case.ts'
import type { BatteryId } from './rows.ts'
import { judge } from './run-rules.ts'
import { spoiltClaims, spoiltPayloads } from './spoilt-claims.ts'
import { hostOnly } from './variants.ts'

type Forged = readonly (readonly [what: string, token: string])[]

const makeBenches = (): Promise<Bench[]> =>
  Promise.all((['RS256', 'ES256', 'EdDSA'] as const).map((name) => bench(name)))

/** Lists the forged tokens that are accepted, as an ID token or as an access token. A good token must be. */
async function listAccepted({ issuer, jwk }: Bench, tokens: Forged): Promise<string[]> {
  const accepted: string[] = []
  await issuer
    .verifyIdToken(forge(jwk, goodHeader(jwk), goodPayload))
    .catch(() => accepted.push('a good token is refused'))
  for (const [what, token] of tokens) {
    for (const verify of [issuer.verifyIdToken, issuer.verifyAccessToken]) {
      const code = await verify(token).then(
        () => 'accepted',
        (error: { code?: string }) => error.code,
      )
      if (code !== 'INVALID_TOKEN') accepted.push(`${jwk.alg} ${what}: ${code}`)
    }
  }
  return accepted
}

function forgeCase(
  id: BatteryId,
  mechanism: string,
  forgeAll: (bench: Bench) => Forged | Promise<Forged>,
): ProgramCase {
  const run = async (): Promise<string> => {
    const accepted: string[] = []
    for (const one of await makeBenches()) accepted.push(...(await listAccepted(one, await forgeAll(one))))
    return judge(accepted, 'INVALID_TOKEN')
  }
  return { id, mechanism, expected: 'INVALID_TOKEN', variants: hostOnly, run }
}

function forgeUnsigned({ jwk }: Bench): Forged {
  const payload = encode(goodPayload)
  const [header = '', , signature = ''] = forge(jwk, goodHeader(jwk), goodPayload).split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const spoilt = [Buffer.alloc(bytes.length), bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, bytes])]
  return [
    ...['none', 'None', 'nOnE', 'NONE', '', null, 0, ['none'], undefined].flatMap((alg) => {
      const head = encode({ ...goodHeader(jwk), alg })
      return ['.', `.${signature}`, ''].map((end) => [`alg ${String(alg)}${end}`, `${head}.${payload}${end}`] as const)
    }),
    ...spoilt.map((one, index) => [`signature ${index}`, `${header}.${payload}.${one.toString('base64url')}`] as const),
    ['no segment', `${header}.${payload}`],
    ['an empty segment', `${header}.${payload}.`],
  ]
}

function forgeConfused({ jwk, issuer }: Bench): Forged {
  const publicJwk = issuer.getJwks().keys[0] ?? {}
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' })
  const pem = key.export({ type: 'spki', format: 'pem' })
  const texts = [JSON.stringify(publicJwk), JSON.stringify(issuer.getJwks()), String(publicJwk.n ?? publicJwk.x)]
  const secrets = [pem, pem.toString().trim(), key.export({ type: 'spki', format: 'der' }), ...texts]
  return ['HS256', 'HS384', 'hs256', jwk.alg].flatMap((alg) =>
    secrets.map((secret, index) => [
      `${alg} by secret ${index}`,
      forgeHmac(secret, { ...goodHeader(jwk), alg }, goodPayload),
    ]),
  )
}

async function forgeKeyHeaders({ jwk }: Bench): Promise<Forged> {
  const kids = [
    '../../../../dev/null',
    "x' UNION SELECT 'k",
    '__proto__',
    'constructor',
    '0',
    '',
    'k'.repeat(10_240),
    ['array'],
  ]
  const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const theirs = attacker.publicKey.export({ format: 'jwk' })
  const bait = { jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/', x5c: ['MIIB'], jwk: theirs }
  const attackerJwk = attacker.privateKey.export({ format: 'jwk' })
  return [
    ...[...kids, [jwk.kid], { kid: 1 }, null, 0, true, undefined].map(
      (kid) =>
        [`kid ${JSON.stringify(kid)?.slice(0, 40)}`, forge(jwk, { ...goodHeader(jwk), kid }, goodPayload)] as const,
    ),
    ...[jwk.kid, 'theirs', undefined].map(
      (kid) =>
        [
          `their key, kid ${kid}`,
          forge(attackerJwk, { ...goodHeader(jwk), alg: 'ES256', ...bait, kid }, goodPayload),
        ] as const,
    ),
  ]
}

/** Counts what a token asks the issuer to fetch. */
async function fetchNothing(): Promise<string> {
  let requests = 0
  const server = createServer((_request, response) => void (requests++, response.end('{"keys":[]}'))).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const complaints: string[] = []
  for (const { issuer, jwk } of await makeBenches()) {
    const token = forge(jwk, { ...goodHeader(jwk), jku: url, x5u: url }, goodPayload)
    await issuer.verifyIdToken(token).catch(() => complaints.push('a token that is otherwise good is refused'))
  }
  if (requests > 0) complaints.push(`${requests} requests were made`)
  server.close()
  return judge(complaints, 'ignored')
}

function forgeExtended({ jwk }: Bench): Forged {
  const extensions = [
    {
      crit: ['exp'],
      exp: 1,
    },
    {
      crit: ['b64'],
      b64: false,
    },
    {
      crit: ['b64'],
      b64: true,
    },
    { b64: false },
    { b64: true },
    { crit: [] },
    {
      crit: 'b64',
      b64: false,
    },
    { crit: null },
    { crit: ['alg'] },
    {
      crit: ['x'],
      x: true,
    },
  ]
  return extensions.map((more) => [JSON.stringify(more), forge(jwk, { ...goodHeader(jwk), ...more }, goodPayload)])
}

function forgeClaims({ jwk }: Bench): Forged {
  return [
    ...spoiltClaims.map(
      (wrong) => [JSON.stringify(wrong), forge(jwk, goodHeader(jwk), { ...goodPayload, ...wrong })] as const,
    ),
    ...spoiltPayloads.map((text) => [`payload ${text}`, forge(jwk, goodHeader(jwk), text)] as const),
  ]
}

async function confuseKinds(): Promise<string> {
  const accepted: string[] = []
  for (const { issuer, keyring, time, jwk } of await makeBenches()) {
    const clock = () => time.nowMs
    const theirs = createIssuer({ issuer: issuerUrl, keyring: await createKeyring(), clock })
    const sameKey = createIssuer({ issuer: 'https://other.example/', keyring, clock })
    const id = [
      issuer.signAccessToken(accessTokenInput),
      theirs.signIdToken(idTokenInput),
      sameKey.signIdToken(idTokenInput),
    ]
    const access = [
      issuer.signIdToken(idTokenInput),
      theirs.signAccessToken(accessTokenInput),
      sameKey.signAccessToken(accessTokenInput),
    ]
    for (const token of await Promise.all(id))
      await issuer.verifyIdToken(token).then(
        () => accepted.push('as an ID token'),
        () => 0,
      )
    for (const token of await Promise.all(access))
      await issuer.verifyAccessToken(token).then(
        () => accepted.push('as an access token'),
        () => 0,
      )
    for (const typ of [undefined, '', 'jwt+at', 'at+jwt2', 'logout+jwt', ['JWT'], null, 1]) {
      const token = forge(jwk, { ...goodHeader(jwk), typ }, goodPayload)
      await issuer.verifyIdToken(token).then(
        () => accepted.push(`typ ${String(typ)}`),
        () => 0,
      )
    }
  }
  return judge(accepted, 'INVALID_TOKEN')
}

/** Tokens that are forged, spoilt, or of another kind. */
export const tokenCases: readonly ProgramCase[] = [
  forgeCase('JW-01', 'alg none in every spelling; a signature emptied, missing, zeroed, cut or doubled', forgeUnsigned),
  forgeCase('JW-02', 'HMAC by the public key as PEM, DER, JWK and text', forgeConfused),
  forgeCase(
    'JW-03',
    'a kid that is a path, SQL, __proto__, 10 kB or no text; a key in jwk, jku, x5u and x5c',
    forgeKeyHeaders,
  ),
  {
    id: 'JW-03',
    mechanism: 'jku and x5u of a token that is otherwise good',
    expected: 'ignored',
    variants: hostOnly,
    run: fetchNothing,
  },
  forgeCase('JW-04', 'crit, b64 and unknown extensions', forgeExtended),
  forgeCase(
    'JW-05',
    `${spoiltClaims.length + spoiltPayloads.length} claims and payloads with one fault each`,
    forgeClaims,
  ),
  {
    id: 'JW-06',
    mechanism: 'ID token for access token and the reverse, another tenant’s key and issuer, other types',
    expected: 'INVALID_TOKEN',
    variants: hostOnly,
    run: confuseKinds,
  },
]
