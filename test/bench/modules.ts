import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createEngine } from 'claimsmith'
import { login } from './login.ts'
import { type Entrant, measure, median } from './measure.ts'
import type { Contender } from './rivals.ts'
import type { Figure } from './report.ts'

const coldStarts = 5

/** Ten rules, each of which does a little work with or without modules. */
const rules = (withModules: boolean): { name: string; script: string }[] =>
  Array.from({ length: 10 }, (_, index) => ({
    name: `rule-${index + 1}`,
    script: `function (user, context, callback) {
      ${withModules ? `var _ = require('lodash'), moment = require('moment'), jwt = require('jsonwebtoken');` : ''}
      user.app_metadata = user.app_metadata || {};
      user.app_metadata['r${index}'] = user.email.split('@')[1] === 'example.com' ? ['employee'] : [];
      callback(null, user, context);
    }`,
  }))

function claimsmith(withModules: boolean): Contender {
  const engine = createEngine({ rules: rules(withModules), limits: { cpuPerLoginMs: 10_000 } })
  return { run: async () => checked(await engine.run(login)), close: () => void engine.close() }
}

function checked(outcome: { readonly outcome: string; readonly reason?: string }): void {
  if (outcome.outcome !== 'allow') throw new Error(`the bench's login ended as ${outcome.outcome}: ${outcome.reason}`)
}

function timed(args: readonly string[]): number {
  const startedAtMs = performance.now()
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return performance.now() - startedAtMs
}

/** The first login of a process, and its end; `modules-cold.ts` is that process. */
export async function coldStart(): Promise<void> {
  const engine = createEngine({ rules: rules(true), limits: { workers: 1, cpuPerLoginMs: 10_000 } })
  checked(await engine.run(login))
  await engine.close()
}

/** What modules cost: a first login with bundles cached on disk, and logins on a warm worker. */
export async function modules(): Promise<Figure[]> {
  const script = fileURLToPath(new URL('modules-cold.ts', import.meta.url))
  const node = [timed(['-e', '0'])]
  const cold = [timed([script])].slice(1)
  for (let turn = 0; turn < coldStarts; turn++) {
    node.push(timed(['-e', '0']))
    cold.push(timed([script]))
  }
  const entrants: readonly Entrant[] = [
    ['without modules', claimsmith(false), 2_000],
    ['with modules', claimsmith(true), 2_000],
  ]
  const us = await measure(entrants)
  for (const [, contender] of entrants) contender.close()
  const of = (name: string): number => us.get(name) ?? Number.NaN
  return [
    { name: 'node -e 0', value: median(node), unit: 'ms' },
    { name: 'ten rules that require modules, cold', value: median(cold), unit: 'ms' },
    { name: 'cold ÷ node -e 0', value: median(cold) / median(node), unit: '×', most: 3 },
    ...entrants.map(([name]) => ({ name: `ten rules, warm, ${name}`, value: of(name), unit: 'µs a login' })),
    { name: 'with modules ÷ without', value: of('with modules') / of('without modules'), unit: '×', most: 1.2 },
  ]
}
