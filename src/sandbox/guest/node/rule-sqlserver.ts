/** The global `sqlserver` of rules: `sqlserver.connect(config)`. */
interface Connection {
  readonly state?: { readonly name: string }
  connect?: () => void
}

interface Tedious {
  readonly Connection: new (config: object) => Connection
  readonly Request: unknown
  readonly TYPES: unknown
}

export function sqlserver({ Connection, Request, TYPES }: Tedious): object {
  return {
    connect(config: object) {
      const connection = new Connection(config)
      // Releases before 9 connect without a call of `connect`.
      if (connection.state?.name === 'Initialized') connection.connect?.()
      return connection
    },
    Request,
    Types: TYPES,
  }
}
