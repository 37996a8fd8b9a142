import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** Releases with a hole in a wall that the sandbox is built on. */
interface UnsafeRelease {
  readonly product: 'Node.js' | 'isolated-vm'
  /** The first version of the range. */
  readonly from: string
  /** The first version after the range: it has the fix. */
  readonly fixedIn: string
  /** What a rule, or a rule that got out of its isolate, can do. */
  readonly hole: string
  readonly source: string
}

/**
 * Holes of Node's permission model that lead to files, and holes of isolated-vm that lead out of an isolate. Holes that stop a
 * worker are not here: another worker is started.
 */
const unsafeReleases: readonly UnsafeRelease[] = [
  {
    product: 'Node.js',
    from: '24.0.0',
    fixedIn: '24.13.0',
    hole: 'symbolic links lead out of the folders that a worker may read (CVE-2025-55130)',
    source: 'https://nodejs.org/en/blog/vulnerability/december-2025-security-releases',
  },
  {
    product: 'Node.js',
    from: '25.0.0',
    fixedIn: '25.3.0',
    hole: 'symbolic links lead out of the folders that a worker may read (CVE-2025-55130)',
    source: 'https://nodejs.org/en/blog/vulnerability/december-2025-security-releases',
  },
  {
    product: 'Node.js',
    from: '24.0.0',
    fixedIn: '24.18.1',
    hole: 'paths that begin like a folder that a worker may read are open to it, too (CVE-2026-58043)',
    source: 'https://nodejs.org/en/blog/vulnerability/july-2026-security-releases',
  },
  {
    product: 'Node.js',
    from: '25.0.0',
    fixedIn: '26.5.1',
    hole: 'paths that begin like a folder that a worker may read are open to it, too (CVE-2026-58043)',
    source: 'https://nodejs.org/en/blog/vulnerability/july-2026-security-releases',
  },
  {
    product: 'isolated-vm',
    from: '0.0.0',
    fixedIn: '7.0.0',
    hole: 'a rule that shrinks a resizable buffer aborts the process',
    source: 'docs/faq.md#which-versions-of-node-work',
  },
  {
    product: 'isolated-vm',
    from: '7.0.0',
    fixedIn: '7.0.1',
    hole: 'a type confusion in ExternalCopy lets code in an isolate write to the memory of the process',
    source: 'https://github.com/mastra-ai/mastra/pull/21981',
  },
]

/** Finds the holes of a release. */
export function findHoles(product: UnsafeRelease['product'], version: string): UnsafeRelease[] {
  return unsafeReleases.filter(
    (release) => release.product === product && !isBefore(version, release.from) && isBefore(version, release.fixedIn),
  )
}

/** @throws {ClaimsmithError} SANDBOX_FAILED if a release has a known hole */
export function assertSafeRelease(product: UnsafeRelease['product'], version: string): void {
  const holes = findHoles(product, version)
  // The greatest version in which all of them are mended.
  const [lastHole] = holes.toSorted((one, other) => (isBefore(one.fixedIn, other.fixedIn) ? 1 : -1))
  if (lastHole === undefined) return
  const reasons = holes.map(({ hole, source }) => `${hole}, see ${source}`).join('; ')
  const message = `${product} ${version} is not safe to run rules on: ${reasons}; install ${product} ${lastHole.fixedIn} or newer`
  throw new ClaimsmithError('SANDBOX_FAILED', message)
}

/** Compares versions such as 24.18.1. A pre-release counts as the version before it. */
function isBefore(version: string, other: string): boolean {
  const [numbers, otherNumbers] = [version, other].map((text) => text.split(/[.-]/).slice(0, 3).map(Number))
  for (let index = 0; index < 3; index++) {
    const difference = (numbers?.[index] ?? 0) - (otherNumbers?.[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return version.includes('-')
}
