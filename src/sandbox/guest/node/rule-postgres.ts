/** The global `postgres` of rules: `postgres(url, (error, client, done) => …)`. */
type Callback = (error: unknown, client?: Client, done?: () => void) => void

interface Client {
  connect(callback: (error: unknown) => void): void
  end(): void
}

interface Pg {
  readonly Client: new (url: unknown) => Client
  /** Only in releases before 7. */
  readonly connect?: (url: unknown, callback: Callback) => void
}

export function postgres({ Client, connect }: Pg): (url: unknown, callback: Callback) => void {
  return (url, callback) => {
    if (connect !== undefined) {
      connect(url, callback)
      return
    }
    const client = new Client(url)
    client.connect((error) => {
      if (error == null) callback(null, client, () => client.end())
      else callback(error, undefined, () => undefined)
    })
  }
}
