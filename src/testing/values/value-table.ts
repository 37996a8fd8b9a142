/** Identity of the values of one login: each process knows the other's values by number. */
export interface ValueTable {
  /** Keeps a value of the test and returns its number. */
  addLocal(value: object): number
  getLocal(id: number): object | undefined
  findLocalId(value: object): number | undefined
  /** Keeps the proxy that stands here for a value of the rule. */
  addProxy<Proxy extends object>(remoteId: number, proxy: Proxy): Proxy
  getProxy(remoteId: number): object | undefined
  /** Returns the number that the rule knows a value by, if the value is a proxy. */
  findRemoteId(value: object): number | undefined
}

export function createValueTable(): ValueTable {
  const localValues = new Map<number, object>()
  const localIds = new Map<object, number>()
  const proxies = new Map<number, object>()
  const remoteIds = new Map<object, number>()

  return {
    addLocal(value) {
      const id = localIds.size + 1
      localValues.set(id, value)
      localIds.set(value, id)
      return id
    },
    getLocal: (id) => localValues.get(id),
    findLocalId: (value) => localIds.get(value),
    addProxy(remoteId, proxy) {
      proxies.set(remoteId, proxy)
      remoteIds.set(proxy, remoteId)
      return proxy
    },
    getProxy: (remoteId) => proxies.get(remoteId),
    findRemoteId: (value) => remoteIds.get(value),
  }
}
