import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '../../scripts/docs/read-page.ts'
import type { CodeBlock } from './code-block.ts'
import { findPorts, replacePorts } from './find-ports.ts'
import type { LinkedProject } from './linked-project.ts'
import { matchOutput, trimLines } from './match-output.ts'
import { parseCode } from './parse-code.ts'
import { type ShellResult, type ShellSession, createShellSession } from './shell-session.ts'

/** Does what a page says, block by block, as its reader would. @throws {Error} that names the line of the page, the commands, and what was printed instead */
export async function runPage({ file }: Page, blocks: readonly CodeBlock[], project: LinkedProject): Promise<void> {
  const name = file.replaceAll(/[^\w.-]/g, '-')
  // Its commands are those of a checkout; those of the other pages are of a project that uses the package.
  const folder = file === 'README.md' ? project.createCheckout(name) : project.createFolder(name)
  const ports = await findPorts(blocks.flatMap(({ code, output = '' }) => [code, output]))
  const session = createShellSession(folder, join(project.root, `${name}.state`), ports.get('3000') ?? '')
  try {
    for (const block of blocks) {
      const output = block.output === undefined ? undefined : replacePorts(block.output, ports)
      await runBlock({ ...block, code: replacePorts(block.code, ports), output }, folder, session)
    }
  } finally {
    await session.stop()
  }
}

async function runBlock(block: CodeBlock, folder: string, session: ShellSession): Promise<void> {
  const { language, code, title, skip, isFragment, isBackground } = block
  if (skip !== undefined) return
  try {
    checkSyntax(block)
    if (title !== undefined) return writeTitled(join(folder, title), code)
    if (isFragment) return
    if (isBackground) return await start(block, folder, session)
    if (language === 'sh') return checkResult(block, await session.run(code))
    if (language !== 'js' && language !== 'ts') return
    checkResult(block, await session.runProgram(writeProgram(block, folder)))
  } catch (error) {
    throw new Error(`${block.place}: ${(error as Error).message}\n\nThe block is:\n${code}`, { cause: error })
  }
}

function checkSyntax({ language, code, title }: CodeBlock): void {
  if (language === 'json') JSON.parse(code)
  if (language === 'js' || language === 'ts' || /\.[jt]s$/.test(title ?? '')) {
    parseCode(code, language === 'js' ? 'js' : 'ts')
  }
}

function writeTitled(file: string, code: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${code}\n`)
}

function writeProgram({ place, language, code }: CodeBlock, folder: string): string {
  const file = join(folder, `line-${place.split(':').at(-1)}.${language}`)
  writeFileSync(file, code)
  return file
}

async function start(block: CodeBlock, folder: string, session: ShellSession): Promise<void> {
  const command = block.language === 'sh' ? block.code : `exec node ${writeProgram(block, folder)}`
  const { output } = block
  await session.start(
    command,
    (printed) =>
      /\bready\b/.test(printed) && (output === undefined || matchOutput(printed, output, { isPrefix: true })),
  )
}

function checkResult({ exitCode, output }: CodeBlock, result: ShellResult): void {
  if (result.exitCode !== exitCode) {
    throw new Error(`it exits with ${result.exitCode}, not with ${exitCode}; it prints:\n${result.printed}`)
  }
  if (output !== undefined && !matchOutput(result.printed, output)) {
    throw new Error(`it prints:\n${trimLines(result.printed)}\n\nThe page says:\n${output}`)
  }
}
