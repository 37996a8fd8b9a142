/** A piece of SQL. Its values are sent to the database as parameters. */
export class Sql {
  readonly strings: readonly string[]
  /** The pieces and values between the strings. */
  readonly parts: readonly unknown[]

  constructor(strings: readonly string[], parts: readonly unknown[]) {
    this.strings = strings
    this.parts = parts
  }
}

/** A value that is used in several places and sent to the database once. */
export class SqlParameter {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** A tagged template for SQL. Each substitution is a value or another piece of SQL. */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  return new Sql(strings, parts)
}

/** Literal SQL text. It must never come from input. */
export function raw(text: string): Sql {
  return new Sql([text], [])
}

/** Joins pieces or values. Without any it is empty. */
export function joinSql(parts: readonly unknown[], separator: string): Sql {
  return new Sql(['', ...parts.slice(1).map(() => separator), ''].slice(0, parts.length + 1), parts)
}

export interface CompiledSql {
  readonly text: string
  readonly values: readonly unknown[]
}

/** A node of the trie of compiled queries. Its path is the strings of a query. */
interface TrieNode {
  readonly next: Map<TrieKey, TrieNode>
  text: string | undefined
}

/** A string, or the number of a value. */
type TrieKey = string | number

const maxNodes = 10_000

/**
 * Creates a function that renders queries to text. Parameters are numbered from 1 and written by `formatParameter`.
 *
 * Few texts repeat with changing values, and building and hashing a text takes as long as an index to answer it. So texts are
 * cached in a trie by their strings, and equal queries get the identical string.
 */
export function createSqlCompiler(formatParameter: (number: number) => string): (query: Sql) => CompiledSql {
  let nodeCount = 0
  let root = createNode()

  function createNode(): TrieNode {
    nodeCount += 1
    return { next: new Map(), text: undefined }
  }

  function getChild(node: TrieNode, key: TrieKey): TrieNode {
    const child = node.next.get(key)
    if (child !== undefined) return child
    const newChild = createNode()
    node.next.set(key, newChild)
    return newChild
  }

  function walk(start: TrieNode, { strings, parts }: Sql, values: unknown[]): TrieNode {
    let node = getChild(start, strings[0] ?? '')
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]
      if (part instanceof Sql) node = walk(node, part, values)
      else node = getChild(node, assignNumber(part, values))
      node = getChild(node, strings[index + 1] ?? '')
    }
    return node
  }

  return (query) => {
    if (nodeCount > maxNodes) {
      nodeCount = 0
      root = createNode()
    }
    const values: unknown[] = []
    const node = walk(root, query, values)
    return {
      text: (node.text ??= renderSql(query, formatParameter)),
      values: values.map((value) => (value instanceof SqlParameter ? value.value : value)),
    }
  }
}

/** The parameter's number, from 1. */
function assignNumber(value: unknown, values: unknown[]): number {
  const index = value instanceof SqlParameter ? values.indexOf(value) : -1
  return index === -1 ? values.push(value) : index + 1
}

function renderSql(query: Sql, formatParameter: (number: number) => string): string {
  const values: unknown[] = []
  const render = ({ strings, parts }: Sql): string =>
    strings.reduce((text, string, index) => {
      const part = parts[index - 1]
      return text + (part instanceof Sql ? render(part) : formatParameter(assignNumber(part, values))) + string
    })
  return render(query)
}
