/** Promises of the test that stand for promises of the rule. */
export interface RemotePromises {
  create(remoteId: number): Promise<unknown>
  settle(remoteId: number, isFulfilled: boolean, value: unknown): void
}

export function createRemotePromises(): RemotePromises {
  const resolversById = new Map<number, PromiseWithResolvers<unknown>>()

  return {
    create(remoteId) {
      const resolvers = Promise.withResolvers<unknown>()
      resolversById.set(remoteId, resolvers)
      // A test may ignore a promise that the rule passed to it. Its rejection must not be an unhandled one in the test.
      resolvers.promise.catch(() => undefined)
      return resolvers.promise
    },
    settle(remoteId, isFulfilled, value) {
      resolversById.get(remoteId)?.[isFulfilled ? 'resolve' : 'reject'](value)
    },
  }
}
