import { transformSync } from 'esbuild'

/** Parses JavaScript or TypeScript: a module, a rule (an expression), or the lines of a function. @throws {Error} that says where it is wrong */
export function parseCode(code: string, language: 'js' | 'ts'): void {
  const forms = [code, `(${code.trimEnd().replace(/;$/, '')}\n)`, `async () => {\n${code}\n}`]
  const errors = forms.map((form) => findSyntaxError(form, language))
  if (!errors.includes(undefined)) throw new Error(errors[0])
}

function findSyntaxError(code: string, loader: 'js' | 'ts'): string | undefined {
  try {
    transformSync(code, { loader, logLevel: 'silent' })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
