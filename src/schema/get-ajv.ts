import { createRequire } from 'node:module'
import type { Ajv } from 'ajv'

const require = createRequire(import.meta.url)
let ajv: Ajv | undefined

/**
 * Returns the ajv that all internal checks share.
 *
 * It is loaded at the first check: ajv is a large part of what this package loads, and a worker can start before that.
 * ajv remembers the schema objects that it has compiled. The keyword `instanceOf: 'Date'` is added.
 */
export function getAjv(): Ajv {
  return (ajv ??= createAjv())
}

function createAjv(): Ajv {
  const { Ajv: Constructor } = require('ajv') as { Ajv: typeof Ajv }
  // Validating the schemas would first compile the meta-schema, which takes several times longer.
  return new Constructor({ strict: true, verbose: true, validateSchema: false }).addKeyword({
    keyword: 'instanceOf',
    schema: true,
    validate: (_name: 'Date', value: unknown) => value instanceof Date,
  })
}
