/** The parts of the argument of a `require`. */
export interface Specifier {
  readonly name: string
  /** Auth0's syntax: `lodash@4.17.19`. */
  readonly version?: string | undefined
  /** The path in the package: empty, or `/fp`. */
  readonly path: string
}

const specifierPattern = /^(?:node:)?((?:@[\w.~-]+\/)?[\w~][\w.~-]*)(?:@([^/\s]+))?((?:\/[\w.~-]+)*)$/

/** Parses a specifier; undefined for a path (`./x`, `/x`) and for anything that is not a valid package name. */
export function parseSpecifier(text: string): Specifier | undefined {
  const [, name, version, path = ''] = specifierPattern.exec(text) ?? []
  const hasDotSegments = path.split('/').some((part) => part === '..' || part === '.')
  if (name === undefined || hasDotSegments) return undefined
  return { name, path, version }
}
