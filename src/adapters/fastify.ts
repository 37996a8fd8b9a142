import '../errors/assert-node-version.ts'
import type { FastifyInstance } from 'fastify'
import type { Handler } from '../http/handler.ts'
import { toNodeHandler } from '../http/node-handler.ts'

/**
 * Turns a handler into a Fastify plugin: `app.register(toFastifyPlugin(handler), { prefix: '/auth' })`.
 *
 * - The handler sees the path as the client wrote it, with the prefix.
 * - It reads the body itself. The application's parsers do not apply below the prefix; elsewhere they are unchanged.
 */
export function toFastifyPlugin(handler: Handler): (instance: FastifyInstance) => Promise<void> {
  const nodeHandler = toNodeHandler(handler)
  return async (instance) => {
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser('*', (_request, _payload, done) => done(null))
    for (const url of ['/', '/*']) {
      instance.all(url, async (request, reply) => {
        reply.hijack()
        await nodeHandler(request.raw, reply.raw, { ip: request.ip })
      })
    }
  }
}
