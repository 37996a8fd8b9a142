const firstOf24 = '24.18.1'
/** Node.js 25 has no release with the fixes that 24.18.1 and 26.5.1 have. */
const firstAfter24 = '26.5.1'

/** The supported releases of Node.js as a range. Tests compare it with `engines.node` of package.json, and with the releases that workers refuse. */
export const supportedNodeRange = `^${firstOf24} || >=${firstAfter24}`

/** The supported releases of Node.js in words. */
export const supportedNode = `24 from ${firstOf24} on, or ${firstAfter24} or newer`

/** Says in one sentence that claimsmith does not support this release of Node.js; undefined if it does. */
export function describeUnsupportedNode(version: string): string | undefined {
  const isSupported = version.startsWith('24.') ? !isBefore(version, firstOf24) : !isBefore(version, firstAfter24)
  return isSupported ? undefined : `Node.js ${supportedNode}, is needed; this is Node.js ${version}`
}

/** Compares versions such as 24.18.1. A pre-release comes before its release. */
function isBefore(version: string, release: string): boolean {
  const numbers = version.split(/[.-]/)
  for (const [index, number] of release.split('.').entries()) {
    const difference = Number(numbers[index]) - Number(number)
    if (difference !== 0) return difference < 0
  }
  return version.includes('-')
}
