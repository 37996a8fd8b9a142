/** The one line of what a process wrote to stderr, as it failed to start, that names the error. */
export function findErrorLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  return lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.find((line) => line !== '') ?? ''
}
