/** The port of Node's own inspector, where debuggers look. */
const debuggerPort = 9229

/**
 * Completes the arguments for what the parser cannot express.
 *
 * - `--inspect` gets its port: the parser would take the next argument for it.
 * - `coverage` gets a second `--`: the parser leaves out the first, and then nothing tells rules from the command after it.
 */
export function completeArguments(args: readonly string[]): string[] {
  const separatorIndex = args.includes('--') ? args.indexOf('--') : args.length
  const own = args.slice(0, separatorIndex).map((arg) => (arg === '--inspect' ? `--inspect=${debuggerPort}` : arg))
  const separator = args[0] === 'coverage' && separatorIndex < args.length ? ['--'] : []
  return [...own, ...separator, ...args.slice(separatorIndex)]
}
