import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { useEngine } from '../../engine/use-engine.ts'
import { useServer } from '../http-server.ts'
import { answerWithRequest } from './echo-answer.ts'

const server = useServer(answerWithRequest)
const { run } = useEngine({
  modulesFolder: process.cwd(),
  network: { allow: ['127.0.0.1'] },
  limits: { cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000, wallPerRuleMs: 15_000 },
})

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** What a rule with this body leaves in `user.found`; it has `base`, `privateKey` and `publicKey`. */
async function found(body: string): Promise<unknown> {
  const script = `async function (user, context, callback) {
    const { base, privateKey, publicKey } = user.given;
    ${body}
    callback(null, user, context);
  }`
  const { outcome, reason, user } = await run(script, {
    user: { given: { base: server.url, privateKey, publicKey } },
  })
  expect([outcome, reason]).toEqual(['allow', undefined])
  return user['found']
}

describe('packages run as they are', { timeout: 120_000 }, () => {
  test('axios', async () => {
    const body = `
      const axios = require('axios');
      const got = await axios.get(base + '/a', { params: { b: 'c d' }, headers: { authorization: 'x' } });
      const posted = await axios.create({ baseURL: base }).post('/p', { a: 1 });
      const moved = await axios.get(base + '/moved');
      const failed = await axios.get(base + '/500').catch((error) => error.response.status);
      const dead = await axios.get('http://10.0.0.1/').catch((error) => error.code);
      user.found = [got.data, posted.data, moved.data.url, failed, dead];`
    expect(await found(body)).toEqual([
      { method: 'GET', url: '/a?b=c+d', authorization: 'x', body: '' },
      { method: 'POST', url: '/p', type: 'application/json', body: '{"a":1}' },
      '/found',
      500,
      'NETWORK_REFUSED',
    ])
  })

  test('node-fetch', async () => {
    const body = `
      const fetch = require('node-fetch');
      const posted = await fetch(base + '/p', { method: 'POST', body: JSON.stringify({ a: 1 }), headers: { 'content-type': 'application/json' } });
      const moved = await fetch(base + '/moved');
      const dead = await fetch('http://10.0.0.1/').catch((error) => error.code);
      user.found = [await posted.json(), (await moved.json()).url, (await fetch(base + '/500')).status, dead];`
    const posted = { method: 'POST', url: '/p', type: 'application/json', body: '{"a":1}' }
    expect(await found(body)).toEqual([posted, '/found', 500, 'NETWORK_REFUSED'])
  })

  test('jsonwebtoken, with HS256 and RS256', async () => {
    const body = `
      const jwt = require('jsonwebtoken');
      const hs = jwt.sign({ a: 1 }, 'secret', { expiresIn: '5m', audience: 'us' });
      const rs = jwt.sign({ a: 2 }, privateKey, { algorithm: 'RS256', keyid: 'k' });
      const later = await new Promise((resolve) => jwt.verify(rs, publicKey, { algorithms: ['RS256'] }, (_, found) => resolve(found.a)));
      let wrong; try { jwt.verify(hs, 'other') } catch (error) { wrong = error.message }
      user.found = [jwt.verify(hs, 'secret', { audience: 'us' }).a, later, jwt.decode(rs, { complete: true }).header.kid, wrong];`
    expect(await found(body)).toEqual([1, 2, 'k', 'invalid signature'])
  })

  test('lodash, in a pinned version and by a part of it', async () => {
    const body = `
      const _ = require('lodash@4.17.19');
      user.found = [_.get({ a: [{ b: 1 }] }, 'a[0].b'), _.template('<%= a %>')({ a: 1 }), require('lodash/fp').map((x) => x + 1, [1])];`
    expect(await found(body)).toEqual([1, '1', [2]])
  })

  test('moment-timezone', async () => {
    const body = `
      const moment = require('moment-timezone');
      user.found = [moment.tz('2026-07-01T12:00:00Z', 'Europe/Berlin').format(), moment.tz('12:00', 'HH:mm', 'America/New_York').format('HH:mm')];`
    expect(await found(body)).toEqual(['2026-07-01T14:00:00+02:00', '12:00'])
  })

  test('uuid', async () => {
    const body = `const { v4, v5, validate } = require('uuid'); const uuid = require('uuid'); user.found = [validate(v4()), v5('a', v5.URL), validate(uuid()), validate(uuid.v4())];`
    expect(await found(body)).toEqual([true, 'e1407479-3136-56c0-9908-bb02fb0339e2', true, true])
  })

  test('xmldom and xpath', async () => {
    const body = `
      const { DOMParser, XMLSerializer } = require('xmldom');
      const document = new DOMParser().parseFromString('<a><b c="1">d</b></a>', 'text/xml');
      user.found = [require('xpath').select('string(//b/@c)', document), new XMLSerializer().serializeToString(document)];`
    expect(await found(body)).toEqual(['1', '<a><b c="1">d</b></a>'])
  })

  test.each(['xmldom', '@xmldom/xmldom'])('%s parses a text whose type is not given', async (name) => {
    const body = `user.found = new (require('${name}').DOMParser)().parseFromString('<a>b</a>').documentElement.textContent;`
    expect(await found(body)).toBe('b')
  })

  test('ejs', async () => {
    const body = `user.found = require('ejs').render('<% for (const x of list) { %><%= x %>,<% } %>', { list: ['<', 2] });`
    expect(await found(body)).toBe('&lt;,2,')
  })

  test('slack-notify', async () => {
    const body = `
      const slack = require('slack-notify')(base + '/ok');
      user.found = await new Promise((resolve) => slack.success({ text: 'a', channel: '#b' }, (error) => resolve(error || 'sent')));`
    expect(await found(body)).toBe('sent')
  })
})
