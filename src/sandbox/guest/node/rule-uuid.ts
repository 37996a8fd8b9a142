type Uuid = { readonly v4: (...args: unknown[]) => string }

/** `uuid` as rules call it, `uuid()` for a version 4, which its newer releases no longer are. */
export const callable = (uuid: Uuid): Uuid =>
  typeof uuid === 'function' ? uuid : Object.assign((...args: unknown[]) => uuid.v4(...args), uuid)
