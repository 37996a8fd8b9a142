import '../../errors/assert-node-version.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type RuleMatchers, matchers } from '../matchers/matchers.ts'
import { outcomeSerializer } from '../matchers/stable-outcome.ts'

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- jest declares its matchers in it
  namespace jest {
    // oxlint-disable-next-line typescript/no-unused-vars -- an interface is only merged with one of the same parameters
    interface Matchers<R, T = {}> extends RuleMatchers<R> {}
  }
}

interface JestExpect {
  extend(matchers: object): void
  addSnapshotSerializer(serializer: object): void
}

const { expect } = globalThis as unknown as { readonly expect?: JestExpect }
if (expect === undefined) {
  const example = "import { matchers } from 'claimsmith/testing' and call expect.extend(matchers)"
  throw new ClaimsmithError('INVALID_ARGUMENT', `claimsmith/testing/jest finds no global expect: ${example}.`)
}
expect.extend(matchers)
expect.addSnapshotSerializer(outcomeSerializer)
