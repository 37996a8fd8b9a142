import { askCrypto, runLater } from './ask.ts'
import { type KeyObject, createPrivateKey, createPublicKey } from './key-object.ts'

type Encoding = Parameters<KeyObject['export']>[0]

interface Options {
  readonly modulusLength?: number
  readonly namedCurve?: string
  readonly publicKeyEncoding?: Encoding
  readonly privateKeyEncoding?: Encoding
}

interface KeyPair {
  readonly publicKey: unknown
  readonly privateKey: unknown
}

export function generateKeyPairSync(type: string, options: Options = {}): KeyPair {
  const { modulusLength, namedCurve, publicKeyEncoding, privateKeyEncoding } = options
  const pems = askCrypto<Record<keyof KeyPair, string>>('newKeys', { type, modulusLength, namedCurve })
  const exportKey = (key: KeyObject, encoding: Encoding): unknown =>
    encoding === undefined ? key : key.export(encoding)
  return {
    publicKey: exportKey(createPublicKey(pems.publicKey), publicKeyEncoding),
    privateKey: exportKey(createPrivateKey(pems.privateKey), privateKeyEncoding),
  }
}

type Callback = (error: unknown, publicKey?: unknown, privateKey?: unknown) => void

export function generateKeyPair(type: string, ...rest: [Callback] | [Options, Callback]): void {
  const callback = rest.at(-1) as Callback
  const options = rest.length === 2 ? rest[0] : {}
  runLater(
    () => generateKeyPairSync(type, options),
    (error, pair) => callback(error, pair?.publicKey, pair?.privateKey),
  )
}
