import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** How a command ended; `output` is stdout and stderr together. */
export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly output: string
}

/** A project with claimsmith in it, or why there is none. */
export type Installation = { readonly folder: string } | { readonly unavailable: string }

/** Puts the packed claimsmith into a new project below `root`. */
type Install = (root: string, tarball: string) => Promise<Installation>

/** Each layout of `node_modules` that claimsmith may be installed in. A nested one is that of a checkout. */
export const installers: readonly (readonly [layout: string, install: Install])[] = [
  ['npm', installWithNpm],
  ['npm link', linkCheckout],
  ['pnpm', installWithPnpm({})],
  ['pnpm without hoisting', installWithPnpm({ hoist: false })],
  ['pnpm with its global virtual store', installWithPnpm({ enableGlobalVirtualStore: true })],
]

/** Runs a command and waits for its end. */
export function run(file: string, args: readonly string[], cwd: string, env = process.env): Promise<CommandResult> {
  return new Promise((ended) => {
    // On Windows npm, npx and pnpm are scripts of a shell.
    const options = { cwd, env, maxBuffer: 64 << 20, shell: process.platform === 'win32' && file !== process.execPath }
    execFile(file, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      ended({ exitCode, stdout, output: `${stdout}${stderr}` })
    })
  })
}

/** Packs what has been built. */
export async function pack(root: string): Promise<string> {
  if (!existsSync('dist/cli/main.js')) throw new Error('dist is not there: run `npm run build` first')
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', root]
  const { exitCode, stdout, output } = await run('npm', args, process.cwd())
  if (exitCode !== 0) throw new Error(`npm pack failed: ${output}`)
  return join(root, stdout.trim())
}

/** Install scripts are left out: isolated-vm and esbuild bring their binaries along. */
async function installWithNpm(root: string, tarball: string): Promise<Installation> {
  const folder = makeProject(root)
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=0']
  return toInstallation('npm', folder, await run('npm', ['install', '--prefix', folder, ...quick, tarball], folder))
}

function installWithPnpm(settings: Readonly<Record<string, boolean>>): Install {
  return async (root, tarball) => {
    const folder = makeProject(root)
    const local = { ...settings, storeDir: resolve('node_modules/.cache/pnpm-store'), fetchRetries: 0 }
    // JSON is YAML, too.
    writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(local))
    const command = resolve('node_modules/.bin/pnpm')
    if (!existsSync(command)) return { unavailable: 'pnpm is not installed' }
    const result = await run(command, ['add', '--prefer-offline', '--ignore-scripts', tarball], folder)
    return toInstallation('pnpm', folder, result)
  }
}

/** Links the checkout as `npm link` does. That command itself may install into the checkout. */
async function linkCheckout(root: string): Promise<Installation> {
  const folder = makeProject(root)
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(process.cwd(), join(folder, 'node_modules/claimsmith'), 'junction')
  symlinkSync('../claimsmith/dist/cli/main.js', join(folder, 'node_modules/.bin/claimsmith'))
  chmodSync('dist/cli/main.js', 0o755)
  return { folder }
}

function makeProject(root: string): string {
  const folder = mkdtempSync(join(root, 'project-'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  return folder
}

/** How npm and pnpm, which is written in Rust, tell that nothing answers. */
const noNetwork =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|client error \(Connect\)|error sending request/

function toInstallation(manager: string, folder: string, { exitCode, output }: CommandResult): Installation {
  if (exitCode === 0) return { folder }
  const reason = noNetwork.exec(output)?.[0]
  if (reason === undefined) throw new Error(`${manager} failed: ${output}`)
  return { unavailable: `${manager} cannot reach its registry (${reason})` }
}
