import '../errors/assert-node-version.ts'
import type { FastifyInstance } from 'fastify'
import type { Handler } from '../http/handler.ts'
import { toNodeHandler } from '../http/node-handler.ts'

/**
 * Makes a Fastify plugin of a handler: `app.register(toFastifyPlugin(handler), { prefix: '/auth' })`.
 *
 * The handler sees the path as the client wrote it, prefix and all, and reads the body itself: the parsers of the rest of
 * the application do not apply below the prefix, and stay what they are elsewhere.
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
