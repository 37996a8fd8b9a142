import { createRequire } from 'node:module'
import { ClaimsmithError } from './claimsmith-error.ts'

const require = createRequire(import.meta.url)

/**
 * Loads an optional peer dependency when it is needed.
 *
 * @param user what needs it, as the subject of the message
 * @throws {ClaimsmithError} PACKAGE_MISSING if it is not installed
 */
export function requirePeer(name: string, user: string): unknown {
  try {
    return require(name)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const isMissing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(code ?? '') && message.includes(`'${name}'`)
    if (!isMissing) throw cause
    const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name
    throw new ClaimsmithError(
      'PACKAGE_MISSING',
      `${user} needs the package ${packageName}, which is not installed: run \`npm install ${packageName}\`.`,
      { cause, details: { package: packageName } },
    )
  }
}
