import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { styleText } from 'node:util'
import { assertPath } from '../flags/assert-path.ts'
import { buildProjectFiles } from '../init/build-project-files.ts'
import { readManifest } from '../program/read-manifest.ts'
import { quotePath } from '../print/quote-path.ts'
import { UsageError } from '../usage-error.ts'

/** `claimsmith init`: writes a project with a rule and its test; resolves to the exit code. */
// oxlint-disable-next-line require-await -- wrong usage has to reject the promise
export async function runInitCommand(folder = '.'): Promise<number> {
  if (existsSync(folder)) assertPath('folder', folder)
  const files = Object.entries(buildProjectFiles(toPackageName(folder), readManifest()))
  const present = files.map(([path]) => path).filter((path) => existsSync(join(folder, path)))
  if (present.length > 0) {
    const subject = isCurrent(folder) ? 'the current folder' : `${folder}: the folder`
    throw new UsageError(`${subject} has ${present.join(', ')}, and nothing is overwritten; give another folder`)
  }
  for (const [path, text] of files) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'wx' })
  }
  const paths = files.map(([path]) => `  ${path}\n`).join('')
  process.stdout.write(
    `${styleText('green', '✓')} ${isCurrent(folder) ? 'The current folder' : folder} has a rule and its test:\n${paths}\n${formatNextCommands(folder)}`,
  )
  return 0
}

/** Makes a name that npm accepts of the folder's name. */
function toPackageName(folder: string): string {
  const name = basename(resolve(folder)).toLowerCase()
  return name.replaceAll(/[^a-z0-9._-]+/g, '-').replaceAll(/^[._-]+|[._-]+$/g, '') || 'login-rules'
}

function isCurrent(folder: string): boolean {
  return resolve(folder) === process.cwd()
}

function formatNextCommands(folder: string): string {
  const install = isCurrent(folder) ? 'npm install' : `cd ${quotePath(folder)} && npm install`
  const commands = [install, 'npm test', 'npm run dev']
  return `Next:\n${commands.map((command) => `  ${command}\n`).join('')}`
}
