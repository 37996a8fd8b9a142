import { buffer } from 'node:stream/consumers'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { useEngine } from '../engine/use-engine.ts'
import { useServer } from './http-server.ts'

/** Secrets for `localhost`. The password has what each encoding has to escape. */
export const secretValues = { KEY: 'plain-api-key', PASSWORD: `s3cr&t/"+ é=%<'\\` }

interface Received {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
}

/** A service on this machine that secrets are for, and an engine whose rules have them. */
export interface SecretService {
  readonly engine: Engine
  readonly port: number
  received: Received[]
  answer: (request: Received) => Answer
  /** Runs an expression in a rule; returns its value, the first request of the service, and the outcome as JSON. */
  runExpression(expression: string): Promise<{ result: unknown; request: Received; text: string }>
}

export function useSecretService(): SecretService {
  const server = useServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    const one = { method, url, headers: headers as Record<string, string>, body: await buffer(request) }
    service.received.push(one)
    const { status = 200, headers: answerHeaders = {}, body = '' } = service.answer(one)
    response.writeHead(status, answerHeaders).end(body)
  })
  const { engine } = useEngine({ modulesFolder: process.cwd(), network: { allow: ['127.0.0.1', '::1'] } })
  const configuration = Object.fromEntries(
    Object.entries(secretValues).map(([name, value]) => [name, { value, hosts: ['localhost'] }]),
  )
  const service: SecretService = {
    engine,
    get port() {
      return server.port
    },
    received: [],
    answer: () => ({}),
    async runExpression(expression) {
      service.received = []
      const script = `async function (user, context, callback) {
        const { KEY, PASSWORD } = configuration;
        const url = 'http://localhost:${server.port}/', elsewhere = 'http://127.0.0.1:${server.port}/';
        const failed = (error) => [error.code, error.message];
        try { user.result = await (async () => (${expression}))(); } catch (error) { user.result = failed(error); }
        callback(null, user, context) }`
      await engine.replace([{ name: 'crm', script }], configuration)
      const outcome = await engine.run({ user: { user_id: 'auth0|1' }, context: {} })
      const [request = { method: '', url: '', headers: {}, body: Buffer.from('') }] = service.received
      return { result: outcome.user['result'] ?? outcome.reason, request, text: JSON.stringify(outcome) }
    },
  }
  return service
}
