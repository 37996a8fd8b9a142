/**
 * Tries every way out of a process with a worker's flags, and sends what became of each: `denied`, or `open`.
 *
 * process.argv: a folder outside of what a worker may read, and the pid of a process that may be killed.
 */
const { join } = require('node:path')
const module_ = require('node:module')
const { sealProcess } = require('../../src/sandbox/worker/seal-process.ts')

sealProcess()

const [, , folder, victim] = process.argv
const file = join(folder, 'secret.txt')
const written = (name) => join(folder, `written-${name}`)
const fs = require('node:fs')
const url = require('node:url')

/** Whether a value holds the secret of the file, and not an error about it. */
const assertSecret = (value) => {
  if (!String(value).includes('top secret')) throw new Error(`no secret in ${String(value).slice(0, 80)}`)
}
const readStream = (stream) => new Promise((resolve, reject) => stream.on('data', resolve).on('error', reject))
const listen = (server, ...args) =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(...args, () => server.close(resolve))
  })

const attempts = {
  'read: readFileSync': () => assertSecret(fs.readFileSync(file)),
  'read: a path of bytes': () => assertSecret(fs.readFileSync(Buffer.from(file))),
  'read: a URL': () => assertSecret(fs.readFileSync(url.pathToFileURL(file))),
  'read: a path with ..': () =>
    assertSecret(fs.readFileSync(join(__dirname, '..', '..') + '/../../../../../..' + file)),
  'read: a path beside a readable folder': () => fs.readdirSync(join(__dirname, '..', '..').replace(/.$/, '')),
  'read: callback': () =>
    new Promise((resolve, reject) =>
      fs.readFile(file, (error, data) => (error ? reject(error) : resolve(assertSecret(data)))),
    ),
  'read: promises': async () => assertSecret(await fs.promises.readFile(file)),
  'read: FileHandle': async () => assertSecret(await (await fs.promises.open(file)).readFile()),
  'read: openSync': () => fs.openSync(file),
  'read: createReadStream': async () => assertSecret(await readStream(fs.createReadStream(file))),
  'read: openAsBlob': async () => assertSecret(await (await fs.openAsBlob(file)).text()),
  'read: readdirSync': () => fs.readdirSync(folder),
  'read: opendirSync': () => fs.opendirSync(folder),
  'read: globSync': () => {
    if (fs.globSync(join(folder, '*')).length === 0) throw new Error('nothing found')
  },
  'read: statSync': () => fs.statSync(file),
  'read: lstatSync': () => fs.lstatSync(file),
  'read: existsSync': () => {
    if (!fs.existsSync(file)) throw new Error('it does not say')
  },
  'read: accessSync': () => fs.accessSync(file),
  'read: realpathSync': () => fs.realpathSync(file),
  'read: realpathSync.native': () => fs.realpathSync.native(file),
  'read: readlinkSync': () => fs.readlinkSync('/proc/self/exe'),
  'read: statfsSync': () => fs.statfsSync(folder),
  'read: watch': () => fs.watch(folder).close(),
  'read: watchFile': () => fs.watchFile(file, () => undefined),
  'read: its environment': () => fs.readFileSync('/proc/self/environ'),
  'read: the environment of its parent': () => fs.readFileSync(`/proc/${process.ppid}/environ`),
  'read: the memory of its parent': () => fs.openSync(`/proc/${process.ppid}/mem`),
  'read: require': () => require(join(folder, 'secret.cjs')),
  'read: require JSON': () => require(join(folder, 'secret.json')),
  'read: import': () => import(url.pathToFileURL(join(folder, 'secret.cjs'))),
  'read: createRequire': () => module_.createRequire(file)('./secret.cjs'),
  'read: findPackageJSON': () => {
    if (module_.findPackageJSON(url.pathToFileURL(file)) === undefined) throw new Error('nothing found')
  },
  'read: loadEnvFile': () => process.loadEnvFile(file),
  'read: node:sqlite': () =>
    new (process.getBuiltinModule('node:sqlite').DatabaseSync)(join(folder, 'store.db'), { readOnly: true })
      .prepare('SELECT * FROM keys')
      .all(),
  'read: node:sqlite by require': () => require('node:sqlite'),
  'read: the internal binding of fs': () => process.binding('fs').open(file, 0, 0),
  'read: WASI': () => new (require('node:wasi').WASI)({ version: 'preview1', preopens: { '/': folder } }),
  'read: setEngine': () => require('node:crypto').setEngine(file),
  'read: an import of source maps': () => module_.findSourceMap(file) ?? assertSecret(''),
  'write: writeFileSync': () => fs.writeFileSync(written('a'), ''),
  'write: promises': () => fs.promises.writeFile(written('b'), ''),
  'write: createWriteStream': () =>
    new Promise((resolve, reject) => fs.createWriteStream(written('c')).on('open', resolve).on('error', reject)),
  'write: into its own package': () => fs.writeFileSync(join(__dirname, 'written'), ''),
  'write: mkdirSync': () => fs.mkdirSync(written('d')),
  'write: mkdtempSync': () => fs.mkdtempSync(written('e')),
  'write: symlinkSync': () => fs.symlinkSync(file, written('f')),
  'write: linkSync': () => fs.linkSync(file, written('g')),
  'write: copyFileSync': () => fs.copyFileSync(file, written('h')),
  'write: cpSync': () => fs.cpSync(folder, written('i'), { recursive: true }),
  'write: renameSync': () => fs.renameSync(file, written('j')),
  'write: unlinkSync': () => fs.unlinkSync(file),
  'write: rmSync': () => fs.rmSync(folder, { recursive: true }),
  'write: truncateSync': () => fs.truncateSync(file),
  'write: chmodSync': () => fs.chmodSync(file, 0o777),
  'write: chownSync': () => fs.chownSync(file, 0, 0),
  'write: utimesSync': () => fs.utimesSync(file, 0, 0),
  'write: futimes of a readable file': () => fs.futimesSync(fs.openSync(__filename), 0, 0),
  'write: chmod of a readable FileHandle': async () => (await fs.promises.open(__filename)).chmod(0o644),
  'write: writeReport': () => process.report.writeReport(written('report')),
  'write: writeHeapSnapshot': () => require('node:v8').writeHeapSnapshot(written('heap')),
  'write: setHeapSnapshotNearHeapLimit': () => require('node:v8').setHeapSnapshotNearHeapLimit(1),
  'write: startupSnapshot': () => require('node:v8').startupSnapshot.setDeserializeMainFunction(() => undefined),
  'write: enableCompileCache': () => {
    if (module_.enableCompileCache(written('cache')).status !== 1) throw new Error('it is not enabled')
  },
  'write: repl history': () =>
    new Promise((resolve, reject) => {
      const { PassThrough } = require('node:stream')
      const server = require('node:repl').start({ input: new PassThrough(), output: new PassThrough() })
      server.setupHistory(written('history'), (error) =>
        error ? reject(error) : fs.existsSync(written('history')) ? resolve() : reject(new Error('no file')),
      )
    }),
  'write: a Unix socket': () => listen(require('node:net').createServer(), written('socket')),
  'start: spawnSync': () => {
    const { error } = require('node:child_process').spawnSync('true')
    if (error) throw error
  },
  'start: spawn': () => require('node:child_process').spawn('true'),
  'start: exec': () => require('node:child_process').execSync('true'),
  'start: fork': () => require('node:child_process').fork(__filename),
  'start: cluster': () => require('node:cluster').fork(),
  'start: the internal binding of processes': () => new (process.binding('process_wrap').Process)(),
  'start: node:test': () =>
    (require('node:test').run({ files: [__filename] }) && require('node:child_process').spawnSync('true').pid) ||
    (() => {
      throw new Error('no process')
    })(),
  'start: Worker': () => new (require('node:worker_threads').Worker)('', { eval: true }),
  'start: inspector.open': () => require('node:inspector').open(0),
  'start: inspector.Session': () => new (require('node:inspector').Session)().connect(),
  'start: trace events': () => {
    require('node:trace_events')
      .createTracing({ categories: ['node'] })
      .enable()
  },
  'load: an addon in another folder': () => process.dlopen({ exports: {} }, join(folder, 'addon.node')),
  'load: internal bindings': () => process.binding('spawn_sync').spawn({}),
  'signal: another process of the user': () => process.kill(Number(victim), 0),
  'process: chdir': () => process.chdir('/'),
  'process: setuid': () => process.setuid(65_534),
  'network: connect': () =>
    new Promise((resolve, reject) =>
      require('node:net').connect(Number(process.env.PROBE_PORT), '127.0.0.1', resolve).on('error', reject),
    ),
  'network: connect to a Unix socket': () =>
    new Promise((resolve, reject) =>
      require('node:net').connect(process.env.PROBE_SOCKET, resolve).on('error', reject),
    ),
  'network: listen': () => listen(require('node:net').createServer(), 0, '127.0.0.1'),
  'network: UDP': () =>
    new Promise((resolve, reject) =>
      require('node:dgram').createSocket('udp4').on('error', reject).bind(0, '127.0.0.1', resolve),
    ),
  'memory: WebAssembly': () => new WebAssembly.Memory({ initial: 1 }),
  // oxlint-disable-next-line no-eval -- it is what is tried
  'code: eval': () => eval('1'),
}

async function tryAll() {
  const results = {}
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt()
      results[name] = 'open'
    } catch (error) {
      results[name] = `denied: ${error.code ?? error.message}`
    }
  }
  const modules = module_.builtinModules.filter((name) => {
    try {
      return require(name) !== undefined
    } catch {
      return false
    }
  })
  process.send({ results, modules }, () => process.exit())
}

void tryAll()
