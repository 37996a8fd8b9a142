type Uuid = { readonly v4: (...args: unknown[]) => string }

/** `uuid` as rules call it: `uuid()` returns a version 4. Newer releases are not callable. */
export const callable = (uuid: Uuid): Uuid =>
  typeof uuid === 'function' ? uuid : Object.assign((...args: unknown[]) => uuid.v4(...args), uuid)
