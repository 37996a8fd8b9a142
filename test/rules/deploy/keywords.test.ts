import { describe, expect, test } from 'vitest'
import { quoteKeywords, replaceKeywords } from '../../../src/rules/deploy/keywords.ts'

describe('@@KEY@@ becomes JSON', () => {
  test.each([
    ['as code', 'var URL = @@URL@@;', { URL: 'https://a.example' }, 'var URL = "https://a.example";'],
    ['swallowing the quotes around it', `['@@A@@', "@@A@@"]`, { A: 1 }, '[1, 1]'],
    ['for a list', '"roles": "@@ROLES@@"', { ROLES: ['a', 'b'] }, '"roles": ["a","b"]'],
    ['for an object', '@@MAP@@', { MAP: { a: { b: null } } }, '{"a":{"b":null}}'],
    ['whatever quotes and dollars the value holds', '@@A@@', { A: `it's $& "so" $1` }, String.raw`"it's $& \"so\" $1"`],
  ])('%s', (_what, text, mappings, expected) => {
    expect(replaceKeywords(text, mappings)).toBe(expected)
  })
})

describe('##KEY## becomes the value as it is', () => {
  test.each([
    ['inside a text', `'https://##HOST##/x'`, { HOST: 'a.example' }, `'https://a.example/x'`],
    ['as a boolean', '"enabled": ##ON##', { ON: false }, '"enabled": false'],
    ['as a number', '"order": ##ORDER##', { ORDER: 7 }, '"order": 7'],
    ['without minding dollars', '##A##', { A: `$& $' $1` }, `$& $' $1`],
    ['quotes and all', `"##A##"`, { A: 'x' }, '"x"'],
  ])('%s', (_what, text, mappings, expected) => {
    expect(replaceKeywords(text, mappings)).toBe(expected)
  })
})

test('a key that nothing is given for stays, and so does what only looks like one', () => {
  const text = '@@OTHER@@ ##OTHER## ## A ## @@ A @@ a@@b'
  expect(replaceKeywords(text, { A: 'x', GONE: undefined })).toBe(text)
})

test('a value may hold the keyword of a later key, and a literal one is replaced after all JSON', () => {
  expect(replaceKeywords('@@A@@', { A: 'https://##HOST##/', HOST: 'a.example' })).toBe('"https://a.example/"')
  expect(replaceKeywords('##A##', { A: '@@B@@', B: 1 })).toBe('@@B@@')
})

test('a key is no pattern', () => {
  expect(replaceKeywords('@@A.B@@ @@AxB@@ ##A.B## @@C+@@', { 'A.B': 1, 'C+': 2 })).toBe('1 @@AxB@@ 1 2')
})

test('keywords where a value belongs are quoted, so that the rest can be parsed', () => {
  expect(JSON.parse(quoteKeywords('{ "a": ##A##, "b": [@@B@@,1], "c": "x ##C##"\n}'))).toEqual({
    a: '##A##',
    b: ['@@B@@', 1],
    c: 'x ##C##',
  })
  expect(quoteKeywords('a: ##A##\nb:\n  - @@B@@\nc: x ##C##\n')).toBe('a: "##A##"\nb:\n  - "@@B@@"\nc: x ##C##\n')
})
