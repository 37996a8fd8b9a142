import { isAbsolute, join } from 'node:path'
import { type Reporter, reporters } from '../../coverage/reporters.ts'
import { lastingStoreUrlForms, parseStoreUrl, storeUrlForms } from '../../store/store-url.ts'

/** What the value of a flag has to be, on the command line and in the configuration file. */
export interface ValueKind {
  /** Completes the sentence "give …". */
  readonly expected: string
  /** The JSON schema of a value in the configuration file. */
  readonly schema: { readonly type: 'string' | 'boolean' | 'integer' | 'number'; readonly [keyword: string]: unknown }
  /** Whether messages leave the value out. */
  readonly isSecret?: boolean
  /** Reads the value from its text; undefined if it is wrong. */
  parse(text: string): unknown
  /** Resolves a relative path in a value of the configuration file. */
  resolve?(text: string, folder: string): string
}

const resolvePath = (path: string, folder: string): string => (isAbsolute(path) ? path : join(folder, path))

const parseText = (text: string): string | undefined => (text === '' ? undefined : text)

function createNumberKind(type: 'integer' | 'number', minimum: number, maximum: number, note = ''): ValueKind {
  const pattern = type === 'integer' ? /^\d+$/ : /^\d+(\.\d+)?$/
  return {
    expected: `a number from ${minimum} to ${maximum}${note}`,
    schema: { type, minimum, maximum },
    parse(text) {
      const number = pattern.test(text) ? Number(text) : Number.NaN
      return number >= minimum && number <= maximum ? number : undefined
    },
  }
}

function createStoreKind(forms: string, isAllowed: (kind: string) => boolean): ValueKind {
  return {
    expected: forms,
    schema: { type: 'string' },
    isSecret: true,
    parse: (text) => (isAllowed(parseStoreUrl(text)?.kind ?? '') ? text : undefined),
    resolve(text, folder) {
      const location = parseStoreUrl(text)
      return location?.kind === 'sqlite' ? `sqlite:${resolvePath(location.path, folder)}` : text
    },
  }
}

function parseReporters(text: string): readonly Reporter[] | undefined {
  const names = text.split(',').map((name) => reporters.find((reporter) => reporter === name))
  return names.includes(undefined) ? undefined : (names as Reporter[])
}

/** The kinds of values that flags have. */
export const valueKinds = {
  /** A flag without a value. The configuration file says `true` or `false`. */
  onOff: {
    expected: 'true or false',
    schema: { type: 'boolean' },
    parse: (text: string) => ({ true: true, false: false })[text],
  },
  text: { expected: 'a text', schema: { type: 'string', minLength: 1 }, parse: parseText },
  path: {
    expected: 'a path',
    schema: { type: 'string', minLength: 1 },
    parse: parseText,
    resolve: resolvePath,
  },
  port: createNumberKind('integer', 1, 65_535),
  debuggerPort: createNumberKind('integer', 0, 65_535, '; 0 takes a free port'),
  percent: createNumberKind('number', 0, 100),
  reporters: { expected: `some of ${reporters.join(',')}`, schema: { type: 'string' }, parse: parseReporters },
  store: createStoreKind(storeUrlForms, (kind) => kind !== ''),
  /** A store that other processes find again. */
  lastingStore: createStoreKind(lastingStoreUrlForms, (kind) => kind !== '' && kind !== 'memory'),
} as const satisfies Readonly<Record<string, ValueKind>>
