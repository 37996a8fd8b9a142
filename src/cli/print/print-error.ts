import { describeErrorChain } from '../../errors/describe-error-chain.ts'

/** Prints an error that does not end the command, with its causes, in one line. */
export function printError(what: string, error: unknown): void {
  process.stderr.write(`${what}: ${describeErrorChain(error)}\n`)
}
