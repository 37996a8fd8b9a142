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

/** Code for one file that keeps state, or objects that its instances lead to. */
interface FileAddition {
  /** Its path below `node_modules`. */
  readonly file: string
  readonly reason: string
  /** The code is put after this text, which stands once in the file; at the end of the file, if absent. */
  readonly after?: string
  /** Statements that reset the state. They run when a login starts. */
  readonly reset?: string
  /** What to freeze, beside the functions that the build finds by itself. */
  readonly frozen?: string
}

export const fileAdditions: readonly FileAddition[] = [
  { file: 'events/events.js', reason: 'events.defaultMaxListeners', reset: 'defaultMaxListeners = 10' },
  { file: 'lodash/core.js', reason: 'the counter of _.uniqueId', after: 'var idCounter = 0;', reset: 'idCounter = 0' },
  {
    file: 'lodash/lodash.js',
    reason: 'the counters of _.uniqueId and of templates, and the class of lazy chains',
    after: 'var idCounter = 0;',
    reset: 'idCounter = 0; templateCounter = -1',
    frozen: 'LazyWrapper',
  },
  {
    file: 'lodash/lodash.js',
    reason: 'new fp.map() inherits from the function that fp.map wraps',
    after: 'function createCtor(Ctor) {',
    frozen: 'Ctor',
  },
  { file: 'lodash/uniqueId.js', reason: 'its counter', reset: 'idCounter = 0' },
  {
    file: 'readable-stream/lib/internal/streams/state.js',
    reason: 'stream.setDefaultHighWaterMark',
    reset: 'defaultHighWaterMarkBytes = 16 * 1024; defaultHighWaterMarkObjectMode = 16',
  },
  {
    file: 'uuid/dist-node/v1.js',
    reason: 'the node id, the clock sequence and the time of the last id',
    reset: 'for (const name in _state) delete _state[name]',
  },
  {
    file: 'uuid/dist-node/v7.js',
    reason: 'the time and the sequence of the last id',
    reset: 'for (const name in _state) delete _state[name]',
  },
  {
    file: 'xpath/xpath.js',
    reason: 'an expression leads to the functions of XPath',
    after: 'var Functions = new Object();',
    frozen: 'Functions, Operators, Utilities',
  },
]

/** Minified copies, each with the file that takes its place: their state has no names to reset it by. */
export const minifiedCopies: Readonly<Record<string, string>> = {
  'lodash/core.min.js': 'lodash/core.js',
  'lodash/lodash.min.js': 'lodash/lodash.js',
}

/** Adds the code of a file. Throws if a new release of its package has no such place. */
export function addToFile(file: string, source: string): string {
  return fileAdditions.filter((addition) => addition.file === file).reduce(addCode, source)
}

function addCode(source: string, { file, after, reset, frozen }: FileAddition): string {
  const resetCode = reset === undefined ? '' : `__claimsmith.onLogin(() => { ${reset} });`
  const shareCode = frozen === undefined ? '' : `__claimsmith.share(() => [${frozen}]);`
  const code = `\n;${resetCode}${shareCode}\n`
  if (after === undefined) return source + code
  const parts = source.split(after)
  if (parts.length !== 2) throw new Error(`${file} does not hold '${after}' once: its state cannot be reset`)
  return parts.join(after + code)
}
