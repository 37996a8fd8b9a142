import { fork } from 'node:child_process'
import ivm from 'isolated-vm'
import { getQuickJS } from 'quickjs-emscripten'
import { type Callback, type Login, configuration, login, scripts } from './login.ts'

/** Something that can run one login; the bench compares them. */
export interface Contender {
  readonly run: () => Promise<unknown>
  readonly close: () => void
}

type RuleFunction = (user: unknown, context: unknown, callback: Callback) => void

class UnauthorizedError extends Error {}

/** The same functions, called in this process with a copy of the login: what the rules cost by themselves. */
export function direct(): Contender {
  // oxlint-disable typescript/no-implied-eval -- compiled here, outside any sandbox, is what this contender is about
  const rules = scripts.map(
    (script) =>
      new Function('configuration', 'UnauthorizedError', `return (${script})`)(
        configuration,
        UnauthorizedError,
      ) as RuleFunction,
  )
  return {
    // oxlint-disable-next-line require-await
    async run() {
      const { user, context } = JSON.parse(JSON.stringify(login)) as Login
      for (const rule of rules) rule(user, context, () => undefined)
      return user
    },
    close: () => undefined,
  }
}

/** A child process that sends back what it is sent: the price of the border alone. */
export function echo(): Contender {
  const child = fork(new URL('echo-child.ts', import.meta.url))
  const waiting = new Map<number, (message: unknown) => void>()
  let last = 0
  child.on('message', (message: { id: number }) => {
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  return {
    run: () =>
      new Promise((resolve) => {
        waiting.set(++last, resolve)
        child.send({ id: last, login })
      }),
    close: () => child.kill(),
  }
}

const driver = `(text, configurationText) => {
  const { user, context } = JSON.parse(text);
  globalThis.configuration = JSON.parse(configurationText);
  globalThis.UnauthorizedError = class extends Error {};
  for (const rule of [${scripts.map((script) => `(${script})`).join(',\n')}]) rule(user, context, () => {});
  return JSON.stringify({ user, context });
}`

/** What most people write first: a new isolate for every login. */
export function isolateEach(): Contender {
  return {
    async run() {
      const isolate = new ivm.Isolate({ memoryLimit: 64 })
      const context = await isolate.createContext()
      const result: unknown = await context.evalClosure(`return (${driver})($0, $1)`, [
        JSON.stringify(login),
        JSON.stringify(configuration),
      ])
      isolate.dispose()
      return JSON.parse(result as string)
    },
    close: () => undefined,
  }
}

/** QuickJS in WebAssembly, a new context for every login. */
export async function quickjsEach(): Promise<Contender> {
  const quickjs = await getQuickJS()
  return {
    // oxlint-disable-next-line require-await
    async run() {
      const context = quickjs.newContext()
      const call = `(${driver})(${JSON.stringify(JSON.stringify(login))}, ${JSON.stringify(JSON.stringify(configuration))})`
      const handle = context.unwrapResult(context.evalCode(call))
      const text = context.getString(handle)
      handle.dispose()
      context.dispose()
      return JSON.parse(text)
    },
    close: () => undefined,
  }
}
