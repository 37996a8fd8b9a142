import { openStore } from '../../src/store/index.ts'

/** A process of its own that writes users one by one, and prints what the store has acknowledged. */
const [url = '', name = '', users = ''] = process.argv.slice(2)
const store = await openStore(url)
const [key] = await store.keys.initialise([{ kid: name }])
process.stdout.write(`${String(key?.['kid'])}\n`)
for (let index = 0; index < Number(users); index += 1) {
  const id = `${name}-${index}`
  // A connection of its own, because an address is taken once in each.
  const created = await store.users.create({ connection: id, user_id: id, username: id, email: 'same@example.com' })
  process.stdout.write(`${created.user_id}\n`)
}
await store.close()
