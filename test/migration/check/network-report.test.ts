import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkRules } from '../../../src/migration/check/check-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-check-'))
afterAll(() => rmSync(folder, { recursive: true }))
const rule = (body: string): string =>
  `async function (user, context, callback) {\n${body}\ncallback(null, user, context) }`
const files = {
  'http.js': rule(`const namespace = 'https://claims.example/';
    await fetch('https://CRM.example:8443/users'); context.idToken[namespace + 'a'] = 1;
    await require('axios').get(configuration.API_URL + '/users');
    require('https').get({ hostname: 'audit.example' });
    await fetch(\`https://\${configuration.REGION}.eu.example/\`);
    await fetch(user.app_metadata.url);`),
  'db.js': rule(`const { Pool } = require('pg');
    await new Pool({ connectionString: 'postgres://ada:secret@db.example:5432/crm' }).query('select 1');
    await new (require('mongodb').MongoClient)('mongodb://ada:secret@one.example:27017,two.example:27017/crm').connect();
    require('mysql2').createPool({ host: 'mysql.example', user: 'ada' });`),
  'off.js': rule(`await fetch('https://off.example/');`),
  'off.json': JSON.stringify({ enabled: false }),
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)

test('a check lists the hosts for network.hosts: of URLs, options and connection strings, with configured values', () => {
  const configuration = { API_URL: 'https://api.example/v2', REGION: 'de' }
  expect(checkRules(folder, { configuration }).network.hosts).toEqual([
    'api.example',
    'audit.example',
    'crm.example:8443',
    'db.example:5432',
    'de.eu.example',
    'mysql.example',
    'one.example:27017',
    'two.example:27017',
  ])
})

test('a check says which hosts it could not resolve, with the place', () => {
  expect(checkRules(folder).network.unresolved).toEqual([
    { text: '${configuration.API_URL}', file: join(folder, 'http.js'), line: 4, column: expect.any(Number) as number },
    {
      text: '${configuration.REGION}.eu.example',
      file: join(folder, 'http.js'),
      line: 6,
      column: expect.any(Number) as number,
    },
    { text: '${user.app_metadata.url}', file: join(folder, 'http.js'), line: 7, column: expect.any(Number) as number },
  ])
})

test('a check adds what recorded logins called', () => {
  const recordedUrls = [
    'https://recorded.example/users?a=1',
    'https://recorded.example/other',
    'tcp://cache.example:6379',
    'dns:srv.example?type=SRV',
    'https://[redacted:configuration.HIDDEN]/users',
    'https://[redacted:configuration.KNOWN]/users',
  ]
  const { network } = checkRules(folder, { recordedUrls, configuration: { KNOWN: 'https://known.example/' } })
  expect(network.hosts).toEqual(
    expect.arrayContaining(['cache.example:6379', 'known.example', 'recorded.example', 'srv.example']),
  )
  expect(network.unresolved).toContainEqual({ text: '[redacted:configuration.HIDDEN]' })
})
