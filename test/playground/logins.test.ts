import { expect, test } from 'vitest'
import { usePlayground } from './fixture.ts'
import { watchLogins } from './watch-logins.ts'

const fixture = usePlayground({ rules: 'rules-examples' })

const watch = () => watchLogins(fixture)

test('each login comes as it ends, with what its rules did, and without its profile', async () => {
  const watching = await watch()
  expect(watching.response.headers.get('content-type')).toBe('text/event-stream')
  await watching.until('watching')
  await fixture.logIn('ada@example.com')
  await fixture.logIn('mallory@evil.example')
  const text = await watching.until('evil.example"')
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []))
  expect(events).toMatchObject([
    { type: 's', user_name: 'ada@example.com', client_id: 'demo-app', outcome: 'allow', missed: 0 },
    { type: 'f', user_name: 'mallory@evil.example', outcome: 'deny', rules: [{ name: '10-deny-by-allow-list' }] },
  ])
  expect(events[0].rules).toHaveLength(8)
  expect(text).not.toContain('Lovelace')
  await watching.stop()
})

test('a login whose password is wrong comes, too, and no password does', async () => {
  const watching = await watch()
  await watching.until('watching')
  const client = { client_id: 'demo-app', client_secret: 'demo-app-secret' }
  const form = { grant_type: 'password', ...client, username: 'ada@example.com', password: 'not the one' }
  await fixture.send('/oauth/token', { method: 'POST', body: new URLSearchParams(form) })
  const text = await watching.until('"type":"fp"')
  expect(text).not.toMatch(/not the one|demo-app-secret/)
  await watching.stop()
})

test('sixteen may watch at once, and a place is free again when one goes', async () => {
  const watching = await Promise.all(Array.from({ length: 16 }, () => watch()))
  expect((await watch()).response.status).toBe(429)
  await watching[0]?.stop()
  const another = await watch()
  expect(another.response.status).toBe(200)
  await Promise.all([...watching.slice(1), another].map(({ stop }) => stop()))
})
