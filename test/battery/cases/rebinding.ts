import dns from 'node:dns/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { Agent, fetch } from 'undici'
import { createGuardedConnector } from '../../../src/sandbox/net/worker/guarded-connector.ts'
import { createNetworkPolicy } from '../../../src/sandbox/net/worker/network-policy.ts'
import type { ProgramCase } from './battery-case.ts'
import { judge } from './run-rules.ts'
import { hostOnly } from './variants.ts'

/** Stands for a public address: it is on this machine, and the policy allows it. */
const publicAddress = '127.0.0.2'
const privateAddress = '127.0.0.1'

/** A name server that says the public address once, and the private one ever after. */
function flipAnswers(): { questions: number } {
  const seen = { questions: 0 }
  const lookup = async () => [{ address: seen.questions++ === 0 ? publicAddress : privateAddress, family: 4 }]
  Object.assign(dns, { lookup })
  syncBuiltinESMExports()
  return seen
}

async function rebind(): Promise<string> {
  const original = dns.lookup
  const reached: string[] = []
  const server = createServer((request, response) => {
    reached.push(request.socket.localAddress ?? '')
    response.end('ok')
  })
  await once(server.listen(0, '0.0.0.0'), 'listening')
  const { port } = server.address() as AddressInfo
  const policy = createNetworkPolicy({ allow: [`${publicAddress}:${port}`] })
  const seen = flipAnswers()
  const request = (dispatcher: Agent): Promise<string> =>
    fetch(`http://rebind.example:${port}/`, { dispatcher }).then(
      (response) => response.text(),
      (error: { cause?: { code?: string } }) => error.cause?.code ?? 'failed',
    )
  const agents = [1, 2].map(
    () => new Agent({ connections: 1, connect: createGuardedConnector(policy, 2_000, undefined) }),
  )
  const [first, second] = agents as [Agent, Agent]
  try {
    const ends = [await request(first), await request(first), await request(second)]
    const complaints = reached.filter((address) => address !== publicAddress).map((address) => `it reached ${address}`)
    if (ends.join() !== 'ok,ok,NETWORK_REFUSED') complaints.push(`requests ended with ${ends.join()}`)
    if (seen.questions !== 2) complaints.push(`the name was asked for ${seen.questions} times`)
    return judge(complaints, 'checked address only')
  } finally {
    Object.assign(dns, { lookup: original })
    syncBuiltinESMExports()
    await Promise.all(agents.map((agent) => agent.destroy()))
    server.close()
  }
}

export const rebindingCases: readonly ProgramCase[] = [
  {
    id: 'SR-02',
    mechanism: 'a name that is public when it is checked and private later, on a new connection and on reuse',
    expected: 'checked address only',
    variants: hostOnly,
    run: rebind,
    findReasonToSkip: async () =>
      process.platform === 'linux' ? undefined : 'only Linux listens on 127.0.0.2 without being told',
  },
]
