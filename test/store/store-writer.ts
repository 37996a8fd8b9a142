import { openStore } from '../../src/store/index.ts'

/** A process of its own that writes users, so many at once, and prints what the store has acknowledged. */
const [url = '', name = '', users = '', atOnce = '1'] = process.argv.slice(2)
const store = await openStore(url)
const [key] = await store.keys.initialise([{ kid: name }])
process.stdout.write(`${String(key?.['kid'])}\n`)

async function create(index: number): Promise<void> {
  const id = `${name}-${index}`
  // A connection of its own, because an address is taken once in each.
  const created = await store.users.create({ connection: id, user_id: id, username: id, email: 'same@example.com' })
  process.stdout.write(`${created.user_id}\n`)
}

for (let first = 0; first < Number(users); first += Number(atOnce)) {
  await Promise.all(Array.from({ length: Number(atOnce) }, (_, index) => create(first + index)))
}
await store.close()
