/** A piece of SQL; its values go to the database apart from its text. */
export class Sql {
  readonly strings: readonly string[]
  /** What stands between the strings: other pieces, and values. */
  readonly parts: readonly unknown[]

  constructor(strings: readonly string[], parts: readonly unknown[]) {
    this.strings = strings
    this.parts = parts
  }
}

/** A value that stands in several places, and goes to the database once. */
export class SqlParameter {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** SQL as it is written, with a value or another piece of SQL in each gap. */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  return new Sql(strings, parts)
}

/** Text as it is: never what somebody else wrote. */
export function raw(text: string): Sql {
  return new Sql([text], [])
}

/** Pieces or values in a row; of none, no text. */
export function joinSql(parts: readonly unknown[], separator: string): Sql {
  return new Sql(['', ...parts.slice(1).map(() => separator), ''].slice(0, parts.length + 1), parts)
}

export interface CompiledSql {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Where the strings of a piece lead, from its beginning to its end. */
interface TrieNode {
  readonly next: Map<TrieKey, TrieNode>
  text: string | undefined
}

/** A string, or the number of a value. */
type TrieKey = string | number

const maxNodes = 10_000

/**
 * Writes SQL for a database that marks its values so, numbered from 1.
 *
 * The same few texts are wanted again and again with ever new values, and to put one together and hash it takes as long as an
 * index to answer it. So a text is kept where its strings lead: of the same strings, it is the very same string.
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

/** From 1. */
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
