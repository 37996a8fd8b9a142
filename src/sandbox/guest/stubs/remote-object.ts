import { deleteProperty, push, toText } from '../../wire/primordials.ts'
import { type Endpoint, type SerializedValue, type TaggedValue, serialize } from '../../wire/serialize.ts'
import type { TestLink } from './test-link.ts'

/** Creates a proxy for an object of the test's: each use of it asks the test, and waits. */
export function createRemoteObject(link: TestLink, endpoint: Endpoint, id: number, { is }: TaggedValue): object {
  const { ask } = link
  const serializeArguments = (args: readonly unknown[]): SerializedValue[] => {
    const list: SerializedValue[] = []
    for (let index = 0; index < args.length; index++) push(list, serialize(args[index], endpoint))
    return list
  }
  return new Proxy(is === 'function' ? createBareFunction() : {}, {
    get: (_, key) => ask({ do: 'get', id, key: formatKey(key) }),
    set(_, key, value) {
      ask({ do: 'set', id, key: formatKey(key), value: serialize(value, endpoint) })
      return true
    },
    has: (_, key) => ask({ do: 'has', id, key: formatKey(key) }) as boolean,
    deleteProperty: (_, key) => ask({ do: 'delete', id, key: formatKey(key) }) as boolean,
    ownKeys: () => ask({ do: 'keys', id }) as string[],
    getOwnPropertyDescriptor(_, key) {
      const own = ask({ do: 'own', id, key: formatKey(key) }) as [value: unknown, enumerable: boolean] | undefined
      return own && { value: own[0], enumerable: own[1], writable: true, configurable: true }
    },
    getPrototypeOf: () => ask({ do: 'prototype', id }) as object | null,
    apply(_, self: unknown, args: unknown[]) {
      const remoteId =
        typeof self === 'object' || typeof self === 'function' ? endpoint.findRemoteId(self as object) : undefined
      return ask({
        do: 'call',
        id,
        self: remoteId === undefined ? null : { is: 'local', id: remoteId },
        args: serializeArguments(args),
      })
    },
    construct: (_, args) => ask({ do: 'new', id, args: serializeArguments(args) }) as object,
  })
}

function formatKey(key: PropertyKey): string {
  return typeof key === 'symbol' ? `@@${key.description}` : toText(key)
}

/**
 * Creates a function that is a constructor and has no own property: a proxy could not hide one that is not configurable.
 */
function createBareFunction(): object {
  // oxlint-disable-next-line no-extra-bind -- a bound function has no own prototype, and is a constructor
  const bare = function bare(): void {}.bind(undefined) as unknown as object
  deleteProperty(bare, 'name')
  deleteProperty(bare, 'length')
  return bare
}
