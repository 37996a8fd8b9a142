import type { Change } from '../../../profile/schema/changes.ts'
import { type Marks, type EncodedValue, encodeMarked, restoreMarked } from '../../wire/codec.ts'
import { createChangeTracker } from './change-tracker.ts'
import { type GuestFailure, createFailure, toOutputFailure } from '../driver/guest-failure.ts'
import type { GuestLimits } from '../../wire/guest-contract.ts'
import type { Json } from '../../wire/json.ts'
import { parseJson, toJson } from '../../wire/primordials.ts'
import type { LiveLogin } from '../driver/rule-scope.ts'

/** The login that the rules work on, and how it was when the last of them left it. */
export interface LoginState {
  /** What the rules get; it is live. */
  readonly login: LiveLogin
  /** It came in JSON's words alone: the rules' changes, and the marks of the end, say all that became of it. */
  readonly isPlainJson: boolean
  /** The JSON of what JSON's words leave out of it; empty where they say it all. */
  readonly marks: string
  /** The JSON of what the last rule changed. */
  readonly changes: string
  /** Takes a login as `encode` wrote it; throws where that cannot be read. */
  begin(loginText: string): void
  /** Goes back to how it was when `text` told it. */
  restore(loginText: string): void
  /** As the last rule left it; live objects have no second say in either of these. */
  toText(): string
  toData(): LoginData
  /** Finds out what a rule changed; answers why nobody can take what it left. */
  captureChanges(isTextWanted: boolean): GuestFailure | undefined
}

interface LoginData {
  readonly user: { [key: string]: Json }
  readonly context: { [key: string]: Json }
}

export function createLoginState({ maxDepth, maxOutputBytes }: GuestLimits): LoginState {
  const codecLimits = { maxDepth: maxDepth + 1, maxLength: maxOutputBytes }
  const tracker = createChangeTracker(maxDepth)
  let marks: Marks | undefined
  /** Where it has been written. */
  let text: string | undefined
  /** How long its text can be at most, without the marks. */
  let maxTextLength = 0

  function findMisfit(): string | undefined {
    if (!tracker.isObject('user')) return 'what the rule left as user is not an object'
    if (!tracker.isObject('context')) return 'what the rule left as context is not an object'
    return undefined
  }

  const state: { -readonly [Name in keyof LoginState]: LoginState[Name] } = {
    login: { user: undefined, context: undefined },
    isPlainJson: false,
    marks: '',
    changes: '[]',
    begin(loginText) {
      state.restore(loginText)
      state.isPlainJson = marks === undefined
    },
    restore(loginText) {
      text = loginText
      maxTextLength = loginText.length
      const [value, writtenMarks] = parseJson(loginText) as EncodedValue
      marks = writtenMarks
      state.marks = ''
      if (marks === undefined) tracker.beginParsed((state.login = value as LiveLogin))
      else tracker.begin((state.login = restoreMarked(value, marks) as LiveLogin))
    },
    toText() {
      text ??= encodeMarked(tracker.copy(), marks, codecLimits)
      maxTextLength = text.length
      return text
    },
    toData: () => tracker.copy() as unknown as LoginData,
    captureChanges(isTextWanted) {
      const newChanges: Change[] = []
      const before = marks
      try {
        marks = tracker.diff(state.login, newChanges)
        const misfit = findMisfit()
        if (misfit !== undefined) return createFailure('RULE_OUTPUT', misfit)
        const changes = (state.changes = newChanges.length === 0 ? '[]' : toJson(newChanges))
        if (changes.length > 2 * maxOutputBytes) {
          return createFailure('RULE_OUTPUT', `what the rule changed is larger than ${maxOutputBytes} bytes`)
        }
        if (newChanges.length > 0 || before !== undefined || marks !== undefined) text = undefined
        maxTextLength += changes.length
        if (marks === undefined) state.marks = ''
        else if (!hasSameMarks(marks, before)) state.marks = toJson(marks)
        if (isTextWanted || maxTextLength + state.marks.length > maxOutputBytes) state.toText()
        return undefined
      } catch (error) {
        return toOutputFailure(error)
      }
    },
  }
  return state
}

/** Whether they are known to be the same; that they are not is no proof of the contrary. */
function hasSameMarks(marks: Marks, before: Marks | undefined): boolean {
  const { dates, undefineds, shared } = marks
  if (before === undefined || shared.length !== before.shared.length) return false
  if (dates.length + undefineds.length + before.dates.length + before.undefineds.length > 0) return false
  for (let index = 0; index < shared.length; index++) if (shared[index] !== before.shared[index]) return false
  return true
}
