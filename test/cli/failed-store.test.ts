import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderForTests } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'
import { freePort } from './free-port.ts'

const folder = folderForTests({ 'text.db': 'this is no database', 'users.json': '[]' })
const textFile = join(folder, 'text.db')

/** The commands that open a store, without its URL. */
const commands: Readonly<Record<string, readonly string[]>> = {
  serve: ['serve'],
  explain: ['explain', '--user', 'ada@example.com'],
  'users import': ['users', 'import', join(folder, 'users.json'), '--connection', 'Users'],
}

describe.each(Object.keys(commands))('%s', (name) => {
  const args = commands[name] ?? []

  test('says in one line why a file is no store, and exits with 1', async () => {
    expect(await claimsmith(...args, '--store', `sqlite:${textFile}`)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `claimsmith: The SQLite database ${textFile} could not be opened: file is not a database\n`,
    })
  })

  test('says in one line why a server cannot be reached, without the password, and exits with 1', async () => {
    const port = await freePort()
    expect(await claimsmith(...args, '--store', `postgres://ada:hunter2@127.0.0.1:${port}/logins`)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `claimsmith: The PostgreSQL database could not be opened: connect ECONNREFUSED 127.0.0.1:${port}\n`,
    })
  })
})
