/** Says before the tests run that those with rules of others are skipped, if nothing says where these are. */
export function setup(): void {
  if (process.env['CLAIMSMITH_CORPUS'] !== undefined) return
  process.stderr.write(
    'Some tests are skipped: CLAIMSMITH_CORPUS names no folder of rules that others wrote; CONTRIBUTING.md says which.\n',
  )
}
