import { ClaimsmithError } from './claimsmith-error.ts'

/**
 * Explains why an optional peer dependency could not be loaded: a PACKAGE_MISSING with its install line if it is not
 * installed, and else the cause itself.
 *
 * @param user what needs it, as the subject of the message
 */
export function explainMissingPeer(name: string, user: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException
  const isMissing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(code ?? '') && message.includes(`'${name}'`)
  if (!isMissing) return cause
  const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name
  return new ClaimsmithError(
    'PACKAGE_MISSING',
    `${user} needs the package ${packageName}, which is not installed: run \`npm install ${packageName}\`.`,
    { cause, details: { package: packageName } },
  )
}
