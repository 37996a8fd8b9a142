/** The formats of coverage reports. This file imports nothing, so that the command line can list them at once. */
export const reporters = [
  'text',
  'text-summary',
  'lcov',
  'lcovonly',
  'html',
  'json',
  'json-summary',
  'cobertura',
] as const

export type Reporter = (typeof reporters)[number]
