import type { AnyNode, Node } from 'acorn'
import type { MagicString } from 'magic-string'
import type { RuleShape } from './shape.ts'

/** Notes what an action does not do as the rule did, and where. */
export type NoteDifference = (node: Node, message: string) => void

/** A node that is to be rewritten, and where it stands. */
export interface Site {
  readonly shape: RuleShape
  readonly text: MagicString
  /** From the rule's body to the node itself. */
  readonly ancestors: readonly AnyNode[]
  readonly differs: NoteDifference
  /** The helper functions that the text now calls. */
  readonly names: Set<string>
}
