import { issuerUrl, nowSeconds } from '../../tokens/forge.ts'

/** Claims of a token that is otherwise good, each with one fault. */
export const spoiltClaims: readonly object[] = [
  ...[undefined, nowSeconds - 60, 0, -1, '1e99', String(nowSeconds + 3600), 1e99, null, [nowSeconds + 3600], true].map(
    (exp) => ({ exp }),
  ),
  ...[nowSeconds + 61, '0', null, -1, [0]].map((nbf) => ({ nbf })),
  ...[undefined, nowSeconds + 61, 1e99, '0', null, -1].map((iat) => ({ iat })),
  ...[undefined, null, 1, [], ['demo-app', 1], [['demo-app']], { 0: 'demo-app', length: 1 }].map((aud) => ({ aud })),
  ...[undefined, 'https://login.example', 'https://LOGIN.example/', [issuerUrl], null].map((iss) => ({ iss })),
  ...[undefined, '', 1, ['auth0|ada']].map((sub) => ({ sub })),
  ...['somebody-else', ['demo-app'], null].map((azp) => ({ azp })),
]

/** Payloads that are no set of claims. */
export const spoiltPayloads = ['NaN', 'null', '[]', '"x"', '1', '', '{', '{"exp":NaN}', '\u{FEFF}{}']
