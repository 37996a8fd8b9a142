/** The members that have a value: an attribute that an auth server does not send is not there for rules either. */
export function present<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const found = Object.entries(members).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(found) as { [K in keyof T]?: NonNullable<T[K]> }
}
