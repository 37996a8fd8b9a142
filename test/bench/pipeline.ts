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
  const entrants: readonly Entrant[] = [
    ['direct', direct(), 8_000],
    ['echo', echo(), 4_000],
    ['claimsmith', claimsmith('hardened'), 4_000],
    ['fresh realm', claimsmith('fresh'), 150],
    ['isolate each', isolateEach(), 150],
    ['quickjs each', await quickjsEach(), 150],
  ]
  const us = await measure(entrants)
  for (const [, contender] of entrants) contender.close()
  const of = (name: string): number => us.get(name) ?? Number.NaN
  const floor = of('echo') + of('direct')
  return [
    ...[...us].map(([name, value]) => ({ name: `five rules, ${name}`, value, unit: 'µs a login' })),
    { name: 'claimsmith ÷ (IPC echo + direct calls)', value: of('claimsmith') / floor, unit: '×', most: 3 },
    {
      name: 'a new isolate for each login ÷ claimsmith',
      value: of('isolate each') / of('claimsmith'),
      unit: '×',
      least: 20,
    },
    {
      name: 'QuickJS, a new context for each ÷ claimsmith',
      value: of('quickjs each') / of('claimsmith'),
      unit: '×',
      least: 1,
    },
  ]
}
