import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { mainFile, runClaimsmith } from './command.ts'

const connection = 'Username-Password-Authentication'
const hash = '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'

test('after SIGKILL amid an import, each user is there whole or not at all, and another run completes it', async () => {
  const users = 12_000
  const list = Array.from({ length: users }, (_, index) => ({ email: `u${index}@example.com`, password_hash: hash }))
  const folder = temporaryFolder({ 'users.json': list })
  const database = join(folder, 'users.db')
  const args = ['users', 'import', join(folder, 'users.json')]
  args.push('--store', `sqlite:${database}`, '--connection', connection)
  await (await openStore(`sqlite:${database}`)).close()
  const child = spawn(process.execPath, [mainFile, ...args], { stdio: 'ignore' })
  const written = await killAmid(child, database)
  expect(written).toBeGreaterThan(0)
  expect(written).toBeLessThan(users)
  const { exitCode, stdout } = await runClaimsmith(...args)
  const number = (value: number): string => value.toLocaleString('en')
  const whole = `${number(users - written)} inserted, ${number(written)} already there, not changed, 0 failed`
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining(whole)])
  const store = await openStore(`sqlite:${database}`)
  for (const index of [0, users - 1]) {
    const login = { connection, identifier: `u${index}@example.com`, password: 'a' }
    expect(await store.users.authenticate(login)).toMatchObject({ identities: [{ connection }] })
  }
  await store.close()
}, 120_000)

/** Stops the writer between two transactions, kills it, and tells how many users there are. */
async function killAmid(child: ChildProcess, database: string): Promise<number> {
  const raw = new DatabaseSync(database, { timeout: 60_000 })
  const counted = raw.prepare('select count(*) as users from users')
  for (;;) {
    raw.exec('begin immediate')
    const { users } = counted.get() as { users: number }
    if (users > 0) {
      child.kill('SIGKILL')
      if (child.signalCode === null) await once(child, 'exit')
      raw.close()
      expect(child.signalCode).toBe('SIGKILL')
      return users
    }
    raw.exec('rollback')
    await turn()
  }
}
