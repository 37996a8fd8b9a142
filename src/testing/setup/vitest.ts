import '../../errors/assert-node-version.ts'
import { explainMissingPeer } from '../../errors/explain-missing-peer.ts'
import { type RuleMatchers, matchers } from '../matchers/matchers.ts'
import { outcomeSerializer } from '../matchers/stable-outcome.ts'

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-unused-vars -- an interface is only merged with one of the same parameters
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends RuleMatchers<R> {}
}

const { expect } = await import('vitest').catch((cause: unknown) => {
  throw explainMissingPeer('vitest', 'claimsmith/testing/vitest', cause)
})
expect.extend(matchers)
expect.addSnapshotSerializer(outcomeSerializer)
