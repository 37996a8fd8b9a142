import type { SerializedValue } from './serialize.ts'

/** What a test puts into the scope of a rule, for one login: `values` tells `{ names, modules }`. */
export interface StubScope {
  readonly values: SerializedValue
  /** Which of the tested rules this is: each has a `global` of its own, which lasts from login to login. */
  readonly global: string
}

/** A rule's way to the values of its test, for one login. */
export interface StubPort {
  /** Called when the login begins, with the way back. */
  open(channel: StubChannel): void
  /** The rule has done what it does at once, and waits for something. */
  notifyWaiting(): void
  /** Does what a rule asks of a value of the test's, at once; undefined where the question was an answer itself. */
  answer(body: string): string | undefined
}

/** The way from a test into the rule that it runs. */
export interface StubChannel {
  /** Answers the rule that waits. */
  reply(body: string): void
  /** Blocks this process, and serves the rules meanwhile, until `isOver`, or until that takes too long. */
  serveUntil(isOver: () => boolean): void
}
