/** The oldest Node.js that claimsmith runs on. A test compares it with `engines.node` of package.json. */
export const minimumNodeVersion = '24.12'

/** Says in one sentence that this Node.js is too old; undefined if it is not. */
export function describeUnsupportedNode(version: string): string | undefined {
  const [major, minor] = parseVersion(version)
  const [minimumMajor, minimumMinor] = parseVersion(minimumNodeVersion)
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return undefined
  return `Node.js ${minimumNodeVersion} or newer is needed; this is Node.js ${version}`
}

function parseVersion(version: string): [major: number, minor: number] {
  const [major, minor] = version.split('.')
  return [Number(major), Number(minor)]
}
