import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { rule } from '../engine/use-engine.ts'
import { useServer } from './http-server.ts'

const server = useServer((_request, response) => response.end('pong'))

test(
  'while 64 calls of crypto.subtle are under way, another login resolves a name and gets its response',
  { timeout: 60_000 },
  async () => {
    const { port } = server
    const engine = createEngine({
      rules: [
        {
          name: 'mixed',
          script: rule(`
          if (user.name === 'reader') {
            fetch('http://localhost:${port}/').then((response) => response.text()).then((text) => { user.text = text; callback(null, user, context) }, callback);
            return;
          }
          const { subtle } = require('crypto').webcrypto;
          subtle.importKey('raw', Buffer.from('p'), 'PBKDF2', false, ['deriveBits']).then((key) => Promise.all(Array.from({ length: 16 }, () =>
            subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt: Buffer.from('s'), iterations: 40000 }, key, 512)
          ))).then(() => callback(null, user, context), callback);`),
        },
      ],
      limits: {
        workers: 1,
        cpuPerRuleMs: 10_000,
        cpuPerLoginMs: 10_000,
        wallPerRuleMs: 60_000,
        wallPerLoginMs: 60_000,
        requestTimeoutMs: 5_000,
      },
      network: { allow: [`localhost:${port}`] },
    })
    const finished: string[] = []
    const busy = Array.from({ length: 4 }, async () => {
      const { outcome } = await engine.run({ user: { name: 'busy' } })
      finished.push(outcome)
    })
    // All calls are under way: each login has begun its 16.
    await engine.run({ user: { name: 'reader' } })
    const { outcome, user } = await engine.run({ user: { name: 'reader' } })
    expect([outcome, user['text']]).toEqual(['allow', 'pong'])
    expect(finished.length).toBeLessThan(4)
    await Promise.all(busy)
    expect(finished).toEqual(['allow', 'allow', 'allow', 'allow'])
    await engine.close()
  },
)
