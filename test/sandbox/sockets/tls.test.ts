import type { Socket } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'
import { expect, test } from 'vitest'
import { useEngine } from '../../engine/use-engine.ts'
import { useTcpServer } from '../http-server.ts'
import { makeCertificate } from './certificates.ts'

const certificate = await makeCertificate('localhost')
const mine = await makeCertificate('client')
const upgraded = (socket: Socket, more: object = {}): TLSSocket => {
  const secureContext = createSecureContext({ ...certificate, ca: mine.cert })
  return new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['claims'], ...more }).on(
    'error',
    () => undefined,
  )
}

/** Speaks TLS from the first byte, and says what it hears. */
const secure = useTcpServer((socket) => {
  const over = upgraded(socket)
  over.pipe(over)
})
/** Wants to see a certificate. */
const mutual = useTcpServer((socket) => {
  const over = upgraded(socket, { requestCert: true, rejectUnauthorized: true })
  over.on('secure', () => over.end(`hello ${String(over.getPeerCertificate().subject.CN)}`))
})
/** Goes over to TLS when it is asked to, as databases do. */
const starting = useTcpServer((socket) => {
  socket.once('data', () => {
    socket.write('S')
    const over = upgraded(socket)
    over.pipe(over)
  })
})
/** Says something in the clear that nobody has asked for: an attacker in between could. */
const injecting = useTcpServer((socket) => {
  socket.write('!!!!!!!!')
})
const resetting = useTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
const deaf = useTcpServer(() => undefined)

const { run } = useEngine({
  network: { allow: ['localhost', '127.0.0.1'] },
  configuration: { ca: certificate.cert, cert: mine.cert, key: mine.key },
  limits: { requestTimeoutMs: 1_000 },
})
const rule = (body: string): string => `async function (user, context, callback) {
  const net = require('net'), tls = require('tls'), ca = configuration.ca
  const once = (socket, name) => new Promise((resolve) => socket.once(name, resolve))
  const says = (socket) => new Promise((resolve) => {
    socket.once('error', ({ code, message }) => resolve([code, message]))
    socket.once('secureConnect', () => socket.write('hello'))
    socket.once('data', (part) => { resolve(String(part)); socket.destroy() })
  })
  ${body}
  callback(null, user, context)
}`

test('a socket speaks TLS from the start, and tells with whom', async () => {
  const { user } = await run(
    rule(`const socket = tls.connect({ host: 'localhost', port: ${secure.port}, ca, ALPNProtocols: ['claims'] }, () => { user.called = true })
      user.said = await says(socket)
      user.facts = [socket.encrypted, socket.authorized, socket.authorizationError, socket.alpnProtocol, socket.getProtocol(), socket.remoteAddress]
      const { subject, raw } = socket.getPeerCertificate()
      user.peer = [subject.CN, Buffer.isBuffer(raw)]`),
  )
  expect(user).toMatchObject({
    called: true,
    said: 'hello',
    facts: [true, true, null, 'claims', 'TLSv1.3', '127.0.0.1'],
    peer: ['localhost', true],
  })
})

test('an open socket goes over to TLS, as databases want it', async () => {
  const { user } = await run(
    rule(`const plain = net.connect(${starting.port}, 'localhost')
      plain.write('may I?')
      user.first = String(await once(plain, 'data'))
      const socket = tls.connect({ socket: plain, servername: 'localhost', ca })
      user.said = await says(socket)
      await once(plain, 'close')
      user.closed = [socket.destroyed, plain.destroyed]`),
  )
  expect(user).toMatchObject({ first: 'S', said: 'hello', closed: [true, true] })
})

test('TLS goes over a stream of the rule itself, as SQL Server wants it', async () => {
  const { user } = await run(
    rule(`const { Duplex } = require('stream')
      const plain = net.connect(${secure.port}, 'localhost')
      let seen = 0
      const carrier = new Duplex({
        read() {},
        write(bytes, encoding, done) { seen += bytes.length; plain.write(bytes, done) },
      })
      plain.on('data', (bytes) => carrier.push(bytes))
      const socket = tls.connect({ socket: carrier, servername: 'localhost', ca })
      user.said = await says(socket)
      user.facts = [socket.authorized, seen > 100]
      await once(carrier, 'close')
      user.untrusted = await says(tls.connect({ socket: net.connect(${secure.port}, 'localhost'), servername: 'localhost' }))`),
  )
  expect(user).toMatchObject({
    said: 'hello',
    facts: [true, true],
    untrusted: ['DEPTH_ZERO_SELF_SIGNED_CERT', expect.any(String)],
  })
})

test('a certificate is checked unless the rule says otherwise', async () => {
  const { user } = await run(
    rule(`const to = { host: 'localhost', port: ${secure.port} }
      user.untrusted = await says(tls.connect(to))
      user.named = await says(tls.connect({ ...to, ca, servername: 'db.example.com' }))
      const careless = tls.connect({ ...to, rejectUnauthorized: false })
      user.careless = [await says(careless), careless.authorized, careless.authorizationError]
      user.own = await says(tls.connect({ ...to, ca, servername: 'db.example.com', checkServerIdentity: () => undefined }))
      user.asked = await says(tls.connect({ ...to, ca, checkServerIdentity: (host, { subject }) => Object.assign(new Error(host + ' is ' + subject.CN), { code: 'MINE' }) }))`),
  )
  expect(user).toMatchObject({
    untrusted: ['DEPTH_ZERO_SELF_SIGNED_CERT', expect.any(String)],
    named: ['ERR_TLS_CERT_ALTNAME_INVALID', expect.stringContaining('db.example.com')],
    careless: ['hello', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    own: 'hello',
    asked: ['MINE', 'localhost is localhost'],
  })
})

test('a rule shows a certificate of its own, from a secure context or bytes', async () => {
  const { user } = await run(
    rule(`const { cert, key } = configuration
      const secureContext = tls.createSecureContext({ ca, cert: Buffer.from(cert), key })
      const socket = tls.connect({ host: 'localhost', port: ${mutual.port}, secureContext })
      user.said = String(await once(socket, 'data'))`),
  )
  expect(user['said']).toBe('hello client')
})

test('what came in the clear never passes for what comes through TLS', async () => {
  const { user } = await run(
    rule(`const plain = new net.Socket().pause().connect(${injecting.port}, 'localhost')
      await once(plain, 'connect')
      await new Promise((resolve) => setTimeout(resolve, 50))
      user.failed = (await once(tls.connect({ socket: plain, servername: 'localhost', ca }), 'error')).message`),
  )
  expect(user['failed']).toMatch(/not read before TLS/)
})

test('what is no certificate, and a server that speaks no TLS or resets, are failures of the rule', async () => {
  const { user } = await run(
    rule(`user.pem = (await says(tls.connect({ host: 'localhost', port: ${secure.port}, cert: 'no PEM' })))[0]
      user.clear = (await says(tls.connect({ host: 'localhost', port: ${injecting.port}, ca })))[0]
      user.reset = (await says(tls.connect({ host: 'localhost', port: ${resetting.port}, ca })))[0]
      user.still = await says(tls.connect({ host: 'localhost', port: ${secure.port}, ca }))`),
  )
  expect(user).toMatchObject({
    pem: 'ERR_OSSL_PEM_NO_START_LINE',
    clear: 'ERR_SSL_WRONG_VERSION_NUMBER',
    reset: 'ECONNRESET',
    still: 'hello',
  })
})

test('a server that does not answer is given up', async () => {
  const { user } = await run(
    rule(`user.failed = await says(tls.connect({ host: 'localhost', port: ${deaf.port}, ca }))`),
  )
  expect(user['failed']).toEqual(['ETIMEDOUT', expect.any(String)])
})

test('servers stay refused', async () => {
  const { error } = await run(rule(`tls.createServer()`))
  expect(error).toMatchObject({ code: 'MODULE_REFUSED' })
})
