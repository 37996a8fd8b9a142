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
export class Value {
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
export function join(parts: readonly unknown[], separator: string): Sql {
  return new Sql(['', ...parts.slice(1).map(() => separator), ''].slice(0, parts.length + 1), parts)
}

export interface WrittenSql {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Where the strings of a piece lead, from its beginning to its end. */
interface Place {
  readonly next: Map<Step, Place>
  text: string | undefined
}

/** A string, or the number of a value. */
type Step = string | number

const maxPlaces = 10_000

/**
 * Writes SQL for a database that marks its values so, numbered from 1.
 *
 * The same few texts are wanted again and again with ever new values, and to put one together and hash it takes as long as an
 * index to answer it. So a text is kept where its strings lead: of the same strings, it is the very same string.
 */
export function createSqlWriter(mark: (number: number) => string): (query: Sql) => WrittenSql {
  let places = 0
  let root = newPlace()

  function newPlace(): Place {
    places += 1
    return { next: new Map(), text: undefined }
  }

  function follow(place: Place, step: Step): Place {
    const known = place.next.get(step)
    if (known !== undefined) return known
    const added = newPlace()
    place.next.set(step, added)
    return added
  }

  function walk(from: Place, { strings, parts }: Sql, values: unknown[]): Place {
    let place = follow(from, strings[0] ?? '')
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]
      if (part instanceof Sql) place = walk(place, part, values)
      else place = follow(place, numberOf(part, values))
      place = follow(place, strings[index + 1] ?? '')
    }
    return place
  }

  return (query) => {
    if (places > maxPlaces) {
      places = 0
      root = newPlace()
    }
    const values: unknown[] = []
    const place = walk(root, query, values)
    return {
      text: (place.text ??= textOf(query, mark)),
      values: values.map((value) => (value instanceof Value ? value.value : value)),
    }
  }
}

/** From 1. */
function numberOf(value: unknown, values: unknown[]): number {
  const known = value instanceof Value ? values.indexOf(value) : -1
  return known === -1 ? values.push(value) : known + 1
}

function textOf(query: Sql, mark: (number: number) => string): string {
  const values: unknown[] = []
  const write = ({ strings, parts }: Sql): string =>
    strings.reduce((text, string, index) => {
      const part = parts[index - 1]
      return text + (part instanceof Sql ? write(part) : mark(numberOf(part, values))) + string
    })
  return write(query)
}
