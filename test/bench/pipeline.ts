import { createEngine } from 'claimsmith'
import { configuration, login, scripts } from './login.ts'
import { type Entrant, measure } from './measure.ts'
import { type Contender, direct, echo, isolateEach, quickjsEach } from './rivals.ts'
import type { Figure } from './report.ts'

function claimsmith(realm: 'hardened' | 'fresh'): Contender {
  const rules = scripts.map((script, index) => ({ name: `rule-${index + 1}`, script }))
  const engine = createEngine({ rules, configuration, realm })
  return {
    async run() {
      const outcome = await engine.run(login)
      if (outcome.outcome !== 'allow')
        throw new Error(`the bench's login ended as ${outcome.outcome}: ${outcome.reason}`)
      return outcome
    },
    close: () => void engine.close(),
  }
}

/** Five small rules, 50 logins at once. */
export async function pipeline(): Promise<Figure[]> {
  return [...(await besideTheFloor()), ...(await besideRivals())]
}

/** In a process that holds one engine, as an embedder's does; many short turns, since a shared machine changes its pace. */
async function besideTheFloor(): Promise<Figure[]> {
  const us = await taken(
    [
      ['direct', direct(), 2_000],
      ['echo', echo(), 1_000],
      ['claimsmith', claimsmith('hardened'), 1_000],
    ],
    36,
  )
  const floor = (us.get('echo') ?? Number.NaN) + (us.get('direct') ?? Number.NaN)
  const value = (us.get('claimsmith') ?? Number.NaN) / floor
  return [...times(us), { name: 'claimsmith ÷ (IPC echo + direct calls)', value, unit: '×', most: 3 }]
}

async function besideRivals(): Promise<Figure[]> {
  const us = await taken(
    [
      ['claimsmith again', claimsmith('hardened'), 4_000],
      ['fresh realm', claimsmith('fresh'), 150],
      ['isolate each', isolateEach(), 150],
      ['quickjs each', await quickjsEach(), 150],
    ],
    9,
  )
  const ours = (name: string): number => (us.get(name) ?? Number.NaN) / (us.get('claimsmith again') ?? Number.NaN)
  return [
    ...times(us),
    { name: 'a new isolate for each login ÷ claimsmith', value: ours('isolate each'), unit: '×', least: 20 },
    { name: 'QuickJS, a new context for each ÷ claimsmith', value: ours('quickjs each'), unit: '×', least: 1 },
  ]
}

async function taken(entrants: readonly Entrant[], rounds: number): Promise<Map<string, number>> {
  const us = await measure(entrants, 50, rounds)
  for (const [, contender] of entrants) contender.close()
  return us
}

function times(us: ReadonlyMap<string, number>): Figure[] {
  return [...us].map(([name, value]) => ({ name: `five rules, ${name}`, value, unit: 'µs a login' }))
}
