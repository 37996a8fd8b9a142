/**
 * State that modules of ours keep for themselves, and that a login could change or observe. What they export is frozen; what
 * is listed here does not outlive its login either.
 */

/**
 * Packages that are evaluated again for each login, when it uses them first. The files that require them are, too. By package,
 * the reason.
 */
export const loginPackages: Readonly<Record<string, string>> = {
  pg: 'defaults, pools, and types that a login sets; clients keep what they have sent in shared buffers',
  'pg-connection-string': 'remembers which warnings it gave',
  'pg-pool': 'belongs to pg',
  'pg-protocol': 'one buffer holds what any client wrote last',
  'pg-types': 'setTypeParser changes how every client reads',
  pgpass: 'keeps the stream of its warnings',
  q: 'queues, unhandled rejections and long stack traces of all promises',
}

/** Code that resets the state of one file when a login starts. */
interface StateReset {
  readonly reason: string
  /** The code is put after this text, which stands once in the file; at the end of the file, if absent. */
  readonly after?: string
  /** Statements. */
  readonly reset: string
}

/** By file, below `node_modules`. */
export const stateResets: Readonly<Record<string, StateReset>> = {
  'events/events.js': { reason: 'events.defaultMaxListeners', reset: 'defaultMaxListeners = 10' },
  'lodash/core.js': { reason: 'the counter of _.uniqueId', after: 'var idCounter = 0;', reset: 'idCounter = 0' },
  'lodash/lodash.js': {
    reason: 'the counters of _.uniqueId and of templates',
    after: 'var idCounter = 0;',
    reset: 'idCounter = 0; templateCounter = -1',
  },
  'lodash/uniqueId.js': { reason: 'its counter', reset: 'idCounter = 0' },
  'readable-stream/lib/internal/streams/state.js': {
    reason: 'stream.setDefaultHighWaterMark',
    reset: 'defaultHighWaterMarkBytes = 16 * 1024; defaultHighWaterMarkObjectMode = 16',
  },
  'uuid/dist-node/v1.js': {
    reason: 'the node id, the clock sequence and the time of the last id',
    reset: 'for (const name in _state) delete _state[name]',
  },
  'uuid/dist-node/v7.js': {
    reason: 'the time and the sequence of the last id',
    reset: 'for (const name in _state) delete _state[name]',
  },
}

/** Minified copies, each with the file that takes its place: their state has no names to reset it by. */
export const minifiedCopies: Readonly<Record<string, string>> = {
  'lodash/core.min.js': 'lodash/core.js',
  'lodash/lodash.min.js': 'lodash/lodash.js',
}

/** Adds the code that resets a file's state. Throws if a new release of its package has no such place. */
export function addStateReset(file: string, source: string): string {
  if (!Object.hasOwn(stateResets, file)) return source
  const { after, reset = '' } = stateResets[file] ?? {}
  const code = `\n;__claimsmith.onLogin(function () { ${reset} });\n`
  if (after === undefined) return source + code
  const parts = source.split(after)
  if (parts.length !== 2) throw new Error(`${file} does not hold '${after}' once: its state cannot be reset`)
  return parts.join(after + code)
}
