import type { SerializedValue } from './serialize.ts'

/** The values that a test defines in the scope of a rule, for one run. `values` is `{ names, modules }`, serialized. */
export interface StubScope {
  readonly values: SerializedValue
  /** Id of the rule's `global`. Each tested rule has its own, which lasts from run to run. */
  readonly global: string
}

/** Handles a rule's uses of its test's values, for one run. */
export interface StubPort {
  /** Called when the run begins. */
  open(channel: StubChannel): void
  /** The synchronous part of the rule is done, and it waits. */
  notifyWaiting(): void
  /** Performs an operation on a value of the test; undefined if `body` was itself an answer. */
  answer(body: string): string | undefined
}

/** A test's channel to the rule that it runs. */
export interface StubChannel {
  /** Answers the rule, which blocks. */
  reply(body: string): void
  /** Blocks this process and serves the rule until `isOver()`, or until a time limit. */
  serveUntil(isOver: () => boolean): void
}
