import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Engine } from '../../../src/engine/ports/engine.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { watcherPids, workerPids } from '../../sandbox/worker-pids.ts'
import type { ProgramCase } from './battery-case.ts'
import { wide } from './limits.ts'
import { judge, nameEnd } from './run-rules.ts'
import { type VariantOptions, bothRealms } from './variants.ts'

const onLinux = async (): Promise<string | undefined> =>
  process.platform === 'linux' ? undefined : 'workers are found by /proc, which only Linux has'

const script = `async function (user, context, callback) {
  if (user.kind === 'poison') [...'x'.repeat(5e8)];
  if (user.kind === 'calls') await auth0.users.updateAppMetadata(user.user_id, {});
  if (user.kind === 'slow' && !global[user.user_id]) { global[user.user_id] = true; return void setTimeout(callback, 3000, null, user, context); }
  if (user.kind !== 'quick') await new Promise((resolve) => setTimeout(resolve, user.kind === 'calls' ? 400 : 20));
  user.seen = user.user_id; callback(null, user, context);
}`

interface Watched {
  readonly engine: Engine
  /** How often each user was updated. */
  readonly calls: ReadonlyMap<string, number>
  login(id: string, kind: string): Promise<Outcome>
}

function start({ realm }: VariantOptions, workers: number): Watched {
  const calls = new Map<string, number>()
  const engine = createEngine({
    rules: [{ name: 'load', script }],
    limits: { ...wide, workers },
    realm,
    users: {
      async updateAppMetadata(id) {
        calls.set(id, (calls.get(id) ?? 0) + 1)
      },
    },
  })
  const login = (id: string, kind: string): Promise<Outcome> => engine.run({ user: { user_id: id, kind } })
  return { engine, calls, login }
}

/** Ends or stops the only worker while two logins wait in it. */
function loseWorker(signal: 'SIGKILL' | 'SIGSTOP') {
  return async (variant: VariantOptions): Promise<string> => {
    const { engine, login } = start(variant, 1)
    await login('warm', 'quick')
    const [pid = 0] = workerPids()
    const waiting = Promise.all(['ada', 'bob'].map((id) => login(id, 'slow')))
    // The worker has taken them once it has answered one that came later.
    await login('marker', 'quick')
    process.kill(pid, signal)
    const complaints = (await waiting).map(nameEnd).filter((end) => end !== 'allow')
    const after = nameEnd(await login('after', 'quick'))
    if (after !== 'allow') complaints.push(`the next login ends with ${after}`)
    await engine.close()
    if (existsSync(`/proc/${pid}/exe`)) complaints.push('the worker is still there')
    return judge(complaints, 'allow')
  }
}

async function loseAfterCall(variant: VariantOptions): Promise<string> {
  const { engine, calls, login } = start(variant, 1)
  await login('warm', 'quick')
  const waiting = login('ada', 'calls')
  for (let turn = 0; turn < 2_000 && !calls.has('ada'); turn++) await pause(5)
  for (const pid of workerPids()) process.kill(pid, 'SIGKILL')
  const end = nameEnd(await waiting)
  await engine.close()
  return calls.get('ada') === 1 ? end : `${end}, and ${calls.get('ada')} calls`
}

const seconds = 4
const loginsPerSecond = 100

/** A hundred logins a second, while workers are killed and stopped in turn. Each login keeps its own data. */
async function loseUnderLoad(variant: VariantOptions): Promise<string> {
  const { engine, calls, login } = start(variant, 2)
  await login('warm', 'quick')
  let kills = 0
  const killer = setInterval(() => {
    const pids = workerPids()
    const pid = pids[kills % Math.max(1, pids.length)]
    if (pid !== undefined) process.kill(pid, kills++ % 3 === 2 ? 'SIGSTOP' : 'SIGKILL')
  }, 800)
  const kinds = ['quick', 'waits', 'calls']
  const logins: Promise<Outcome>[] = []
  for (let index = 0; index < seconds * loginsPerSecond; index++) {
    logins.push(login(`user-${index}`, kinds[index % 3] ?? ''))
    await pause(1_000 / loginsPerSecond)
  }
  const outcomes = await Promise.all(logins)
  clearInterval(killer)
  const complaints: string[] = []
  for (const [index, outcome] of outcomes.entries()) {
    const end = nameEnd(outcome)
    // A login may lose its worker twice; it then says so.
    if (end !== 'allow' && end !== 'WORKER_LOST') complaints.push(`login ${index} ends with ${end}`)
    const own = end === 'allow' ? outcome.user['seen'] : outcome.user.user_id
    if (own !== `user-${index}`) complaints.push(`login ${index} has the data of ${String(own)}`)
  }
  complaints.push(...[...calls].filter(([, count]) => count > 1).map(([id]) => `${id} has called twice`))
  if (kills < 3) complaints.push(`only ${kills} workers were lost`)
  const pids = [...workerPids(), ...watcherPids()]
  await engine.close()
  for (let turn = 0; turn < 100 && pids.some((pid) => existsSync(`/proc/${pid}`)); turn++) await pause(50)
  complaints.push(...pids.filter((pid) => existsSync(`/proc/${pid}`)).map((pid) => `process ${pid} is left`))
  return judge(complaints, 'own outcome, or WORKER_LOST')
}

async function poison(variant: VariantOptions): Promise<string> {
  const { engine, login } = start(variant, 2)
  const kindOf = (index: number): string => (index % 20 === 10 ? 'poison' : index % 2 === 0 ? 'quick' : 'waits')
  const logins: Promise<Outcome>[] = []
  for (let index = 0; index < 100; index++) {
    logins.push(login(`user-${index}`, kindOf(index)))
    await pause(20)
  }
  const ends = (await Promise.all(logins)).map(nameEnd)
  await engine.close()
  const complaints = ends.flatMap((end, index) => {
    const isPoison = kindOf(index) === 'poison'
    return isPoison === (end !== 'allow') ? [] : [`login ${index} (${kindOf(index)}) ends with ${end}`]
  })
  return judge(complaints, 'poison alone fails')
}

/** Closes the engine while some logins wait and some loop. */
async function closeUnderLoad(variant: VariantOptions): Promise<string> {
  const { engine, login } = start(variant, 2)
  await login('warm', 'quick')
  const logins = Array.from({ length: 30 }, (_, index) => login(`user-${index}`, 'waits'))
  // All have been handed over once one that came later has ended.
  await login('marker', 'quick')
  const closed = engine.close()
  const complaints = (await Promise.all(logins)).map(nameEnd).filter((end) => end !== 'allow')
  await closed
  const late = await login('late', 'quick').then(nameEnd, (error: { code?: string }) => error.code)
  if (late !== 'ENGINE_CLOSED') complaints.push(`a login after the end ends with ${late}`)
  for (let turn = 0; turn < 100 && workerPids().length > 0; turn++) await pause(50)
  if (workerPids().length > 0) complaints.push('a worker is left')
  return judge(complaints, 'allow, nothing left')
}

const facts = { id: 'FT-01', variants: bothRealms, findReasonToSkip: onLinux } as const

/** Workers that are killed, stopped, ruined and closed. */
export const lostWorkerCases: readonly ProgramCase[] = [
  { ...facts, mechanism: 'SIGKILL, as for memory, while logins wait', expected: 'allow', run: loseWorker('SIGKILL') },
  { ...facts, mechanism: 'SIGSTOP while logins wait', expected: 'allow', run: loseWorker('SIGSTOP') },
  {
    ...facts,
    mechanism: 'SIGKILL after a call outside, which must not be made twice',
    expected: 'WORKER_LOST',
    run: loseAfterCall,
  },
  {
    ...facts,
    mechanism: 'SIGKILL and SIGSTOP in turn at a hundred logins a second',
    expected: 'own outcome, or WORKER_LOST',
    run: loseUnderLoad,
  },
  {
    ...facts,
    mechanism: 'a rule that ruins its worker for one login in twenty',
    expected: 'poison alone fails',
    run: poison,
  },
  { ...facts, mechanism: 'the end of the engine under load', expected: 'allow, nothing left', run: closeUnderLoad },
]
