/** What a rule writes in `require('…')`, taken apart. */
export interface Specifier {
  readonly name: string
  /** As Auth0 had it: `lodash@4.17.19`. */
  readonly version?: string
  /** What follows the package's name: empty, or `/fp`. */
  readonly path: string
}

const specifierPattern = /^(?:node:)?((?:@[\w.~-]+\/)?[\w~][\w.~-]*)(?:@([^/\s]+))?((?:\/[\w.~-]+)*)$/

/** Undefined for a path (`./x`, `/x`) and for all that no package can be called. */
export function parseSpecifier(text: string): Specifier | undefined {
  const [, name, version, path = ''] = specifierPattern.exec(text) ?? []
  const hasDotSegments = path.split('/').some((part) => part === '..' || part === '.')
  if (name === undefined || hasDotSegments) return undefined
  return { name, path, ...(version === undefined ? {} : { version }) }
}
