import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { overlay, parseOverlay } from '../../src/profile/overlay/overlay.ts'
import type { User } from '../../src/profile/user/user.ts'

const grace = { picture: 'https://idp.example/grace.png', user_metadata: { picture: 'https://grace.example/me.png' } }
const ada = { picture: 'https://idp.example/ada.png' }
const picture = 'user_metadata.picture || picture'

function resolved(user: Record<string, unknown>, expression: string): unknown {
  return overlay(user, { result: expression })['result']
}

describe('overlay', () => {
  test('prefers what the user chose and falls back to the attribute of the connection', () => {
    expect(overlay(grace, { picture })['picture']).toBe('https://grace.example/me.png')
    expect(overlay(ada, { picture })['picture']).toBe('https://idp.example/ada.png')
  })

  test('reads the template form in the same way', () => {
    const template = '<%= user.user_metadata.picture || user.picture %>'
    expect(overlay(grace, { picture: template })).toEqual(overlay(grace, { picture }))
    expect(overlay(ada, { picture: ` ${template}\n` })).toEqual(ada)
    expect(resolved(ada, "<%=user.name||'%>'%>")).toBe('%>')
  })

  test('leaves the profile it was given unchanged', () => {
    const frozen = Object.freeze({ ...grace, user_metadata: Object.freeze(grace.user_metadata) })
    expect(overlay(frozen, { picture })).not.toBe(frozen)
    expect(frozen.picture).toBe('https://idp.example/grace.png')
  })

  test('takes a spec that was parsed before', () => {
    const parsed = parseOverlay({ picture })
    expect(parsed.attributes).toEqual(['picture'])
    expect(overlay(grace, parsed)).toEqual(parsed.apply(grace))
  })

  test('takes an attribute called apply for an attribute', () => {
    expect(overlay(ada, { apply: 'picture' })['apply']).toBe(ada.picture)
  })

  test('lets every expression see the profile as it was given', () => {
    const swapped = overlay({ name: 'a', nickname: 'b' }, { name: 'nickname', nickname: 'name' })
    expect(swapped).toEqual({ name: 'b', nickname: 'a' })
  })
})

describe('the value of an expression', () => {
  test.each([undefined, null, '', false, 0])('|| passes over %j', (value) => {
    expect(resolved({ a: value }, "a || 'fallback'")).toBe('fallback')
  })

  test.each([
    [undefined, 'fallback'],
    [null, 'fallback'],
    ['', ''],
    [false, false],
    [0, 0],
  ])('?? makes %j %j', (value, expected) => {
    expect(resolved({ a: value }, "a ?? 'fallback'")).toBe(expected)
  })

  test('that is undefined or null leaves the attribute as it was', () => {
    expect(overlay({ name: 'Ada', other: null }, { name: 'missing', nickname: 'other' })).toEqual({
      name: 'Ada',
      other: null,
    })
  })

  test('that is empty text, zero or false is set', () => {
    const user = { text: '', zero: 0, no: false, a: 1, b: 1, c: 1 }
    expect(overlay(user, { a: 'text', b: 'zero', c: 'no' })).toMatchObject({ a: '', b: 0, c: false })
  })

  test.each([
    ['user_metadata["favourite colour"]', 'green'],
    ["user_metadata['favourite colour']", 'green'],
    ['["https://example.com/plan"]', 'gold'],
    ['user["https://example.com/plan"]', 'gold'],
    ['user.user_metadata["favourite colour"]', 'green'],
    ['["user"].name', 'inner'],
    ['identities[0].provider', 'auth0'],
    ['identities[ 1 ].provider ?? "none"', 'none'],
    ['(missing ?? "") || (name)', 'Grace'],
    ["'it\\'s \\\\ fine'", "it's \\ fine"],
    ['"<%"', '<%'],
    ['naïve_$1', 'yes'],
  ])('%s is %j', (expression, expected) => {
    const user = {
      name: 'Grace',
      naïve_$1: 'yes',
      user: { name: 'inner' },
      user_metadata: { 'favourite colour': 'green' },
      identities: [{ provider: 'auth0' }],
      'https://example.com/plan': 'gold',
    }
    expect(resolved(user, expression)).toBe(expected)
  })

  test.each(['constructor', 'toString', '__proto__', 'name.length', 'name.constructor', 'list.map', '["__proto__"].x'])(
    'never follows what an object inherits: %s',
    (expression) => {
      expect(resolved({ name: 'Ada', list: [] }, `${expression} ?? 'not there'`)).toBe('not there')
    },
  )

  test('cannot change what profiles inherit', () => {
    const spec = JSON.parse('{ "__proto__": "evil" }') as Record<string, string>
    const result = overlay({ evil: { isAdmin: true } }, spec)
    expect(result['isAdmin']).toBeUndefined()
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
  })
})

test('a parsed overlay throws for no profile at all', () => {
  const spec = parseOverlay({
    picture,
    plan: 'app_metadata["plan"].name ?? identities[0].a.b.c',
    deep: '<%= user.a.b.c ?? user.toString ?? "x" %>',
  })
  const value = fc.anything({ withDate: true, withMap: true, withNullPrototype: true, withBigInt: true })
  const profile = fc.record(
    { picture: value, user_metadata: value, app_metadata: value, identities: value, a: value },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(profile, (user) => {
      expect(() => spec.apply(user as User)).not.toThrow()
    }),
  )
})

test('the overlay needs nothing that a browser lacks', () => {
  const { metafile } = buildSync({
    // esbuild keeps the folder that it was loaded in, which an earlier test may have chosen.
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['src/profile/overlay/overlay.ts'],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
  })
  expect(Object.keys(metafile.inputs).filter((file) => !file.startsWith('src/'))).toEqual([])
  expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external))).toEqual(
    [],
  )
})
