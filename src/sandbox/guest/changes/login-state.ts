import type { Change } from '../../../profile/schema/changes.ts'
import { type Marks, type Written, encodeMarked, restoreMarked } from '../../wire/codec.ts'
import { createWatch } from './changes.ts'
import { type Failure, failed, unreadable } from '../driver/failure.ts'
import type { GuestLimits } from '../../wire/guest-contract.ts'
import type { Json } from '../../wire/json.ts'
import { parseJson, toJson } from '../../wire/primordials.ts'
import type { Login } from '../driver/turn.ts'

/** The login that the rules work on, and how it was when the last of them left it. */
export interface LoginState {
  /** What the rules get; it is live. */
  readonly login: Login
  /** It came in JSON's words alone: the rules' changes, and the marks of the end, say all that became of it. */
  readonly cameBare: boolean
  /** The JSON of what JSON's words leave out of it; empty where they say it all. */
  readonly marks: string
  /** The JSON of what the last rule changed. */
  readonly changes: string
  /** Takes a login as `encode` wrote it; throws where that cannot be read. */
  begin(written: string): void
  /** Goes back to how it was when `text` told it. */
  restore(written: string): void
  /** As the last rule left it; live objects have no second say in either of these. */
  text(): string
  data(): LoginData
  /** Finds out what a rule changed; answers why nobody can take what it left. */
  take(isTextWanted: boolean): Failure | undefined
}

interface LoginData {
  readonly user: { [key: string]: Json }
  readonly context: { [key: string]: Json }
}

export function createLoginState({ maxDepth, maxOutputBytes }: GuestLimits): LoginState {
  const codecLimits = { maxDepth: maxDepth + 1, maxLength: maxOutputBytes }
  const watch = createWatch(maxDepth)
  let marks: Marks | undefined
  /** Where it has been written. */
  let text: string | undefined
  /** How long its text can be at most, without the marks. */
  let mostLength = 0

  function misfitOf(): string | undefined {
    if (!watch.isObject('user')) return 'what the rule left as user is not an object'
    if (!watch.isObject('context')) return 'what the rule left as context is not an object'
    return undefined
  }

  const state: { -readonly [Name in keyof LoginState]: LoginState[Name] } = {
    login: { user: undefined, context: undefined },
    cameBare: false,
    marks: '',
    changes: '[]',
    begin(written) {
      state.restore(written)
      state.cameBare = marks === undefined
    },
    restore(written) {
      text = written
      mostLength = written.length
      const [value, writtenMarks] = parseJson(written) as Written
      marks = writtenMarks
      state.marks = ''
      if (marks === undefined) watch.beginParsed((state.login = value as Login))
      else watch.begin((state.login = restoreMarked(value, marks) as Login))
    },
    text() {
      text ??= encodeMarked(watch.copy(), marks, codecLimits)
      mostLength = text.length
      return text
    },
    data: () => watch.copy() as unknown as LoginData,
    take(isTextWanted) {
      const found: Change[] = []
      const before = marks
      try {
        marks = watch.look(state.login, found)
        const misfit = misfitOf()
        if (misfit !== undefined) return failed('RULE_OUTPUT', misfit)
        const changes = (state.changes = found.length === 0 ? '[]' : toJson(found))
        if (changes.length > 2 * maxOutputBytes) {
          return failed('RULE_OUTPUT', `what the rule changed is larger than ${maxOutputBytes} bytes`)
        }
        if (found.length > 0 || before !== undefined || marks !== undefined) text = undefined
        mostLength += changes.length
        if (marks === undefined) state.marks = ''
        else if (!areSame(marks, before)) state.marks = toJson(marks)
        if (isTextWanted || mostLength + state.marks.length > maxOutputBytes) state.text()
        return undefined
      } catch (error) {
        return unreadable(error)
      }
    },
  }
  return state
}

/** Whether they are known to be the same; that they are not is no proof of the contrary. */
function areSame(marks: Marks, before: Marks | undefined): boolean {
  const { dates, undefineds, shared } = marks
  if (before === undefined || shared.length !== before.shared.length) return false
  if (dates.length + undefineds.length + before.dates.length + before.undefineds.length > 0) return false
  for (let index = 0; index < shared.length; index++) if (shared[index] !== before.shared[index]) return false
  return true
}
