import type { Run } from './run.ts'

const noRuns: readonly Run[] = []

/** The runs that the code in the isolate may belong to at the moment. */
export class ActiveRuns {
  #runs: readonly Run[] = noRuns
  #otherFinishedRuns: Run[] = []

  /** The first one is charged. Empty if no code runs. */
  get runs(): readonly Run[] {
    return this.#runs
  }

  /** An entry begins. */
  set(runs: readonly Run[]): void {
    this.#runs = runs
  }

  /** The entry is over. */
  clear(): void {
    this.#runs = noRuns
  }

  /** A run was finished by an entry for another run. */
  addOtherFinished(run: Run): void {
    this.#otherFinishedRuns.push(run)
  }

  /** Returns the runs that entries for other runs have finished, once. */
  takeOtherFinished(): readonly Run[] {
    if (this.#otherFinishedRuns.length === 0) return noRuns
    const runs = this.#otherFinishedRuns
    this.#otherFinishedRuns = []
    return runs
  }
}
