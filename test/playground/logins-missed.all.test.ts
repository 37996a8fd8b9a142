import { expect, test } from 'vitest'
import { usePlayground } from './fixture.ts'
import { watchLogins } from './watch-logins.ts'

const fixture = usePlayground({ rules: 'rules-examples' })

test('a watcher that does not read is told how many logins it missed', async () => {
  const watching = await watchLogins(fixture)
  for (let number = 0; number < 104; number += 1) await fixture.logIn(`nobody-${number}@example.com`)
  await watching.until('nobody-98')
  await fixture.logIn('last@example.com')
  expect(await watching.until('last@example.com')).toMatch(/"user_name":"last@example.com".*"missed":[1-9]/)
  await watching.stop()
})
