import type { ProgramCase } from '../cases/battery-case.ts'
import type { VariantOptions } from '../cases/variants.ts'
import type { TrialReport } from './trial.ts'

/** Runs a program again and again. An exception is a way to end, too. */
export async function runProgramCase(
  { run }: ProgramCase,
  variant: VariantOptions,
  repeats: number,
): Promise<TrialReport> {
  const ended: string[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    ended.push(await run(variant).catch((error: unknown) => `an exception: ${String(error)}`))
  }
  return { ended, complaints: [] }
}
