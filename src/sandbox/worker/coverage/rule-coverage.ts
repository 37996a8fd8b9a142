import type ivm from 'isolated-vm'
import type { FunctionCounts, RuleCounts } from '../../wire/protocol.ts'
import { openInspector } from '../inspect/inspector.ts'

/** Where a rule's code is in a script of the isolate. */
export interface RuleScript {
  readonly filename: string
  /** How many characters precede it. */
  readonly prefixLength: number
}

/** Counts which code of an isolate's rules runs. */
export interface RuleCoverage {
  /** Returns the counts since the last call, for those rules that ran. */
  take(): Promise<readonly RuleCounts[]>
  dispose(): void
}

/** V8's report; its offsets are those of the script. */
interface PreciseCoverage {
  readonly result: readonly { readonly url: string; readonly functions: readonly FunctionCounts[] }[]
}

const bindingName = 'counting'

/** Starts to count. V8 counts blocks only in code that is compiled later, so compile nothing before this returns. */
export function startRuleCoverage(isolate: ivm.Isolate, scripts: readonly RuleScript[]): RuleCoverage {
  const inspector = openInspector(isolate)
  const { call } = inspector
  const context = isolate.createContextSync({ inspector: true })
  void call('Profiler.enable')
  void call('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  void call('Runtime.enable')
  void call('Runtime.addBinding', { name: bindingName })
  void call('Runtime.disable')
  // Blocks until the isolate's thread has handled these messages, which it does in order. Its answers come in a later
  // turn, but the binding is visible at once.
  while (context.evalSync(`typeof ${bindingName}`) !== 'function');
  context.release()

  return {
    async take() {
      const coverage = (await call('Profiler.takePreciseCoverage')) as PreciseCoverage | undefined
      return (coverage?.result ?? []).flatMap(({ url, functions }) => {
        const rule = scripts.findIndex(({ filename }) => filename === url)
        const ruleFunctions = rule < 0 ? [] : toRuleFunctions(functions, scripts[rule]!.prefixLength)
        return ruleFunctions.length === 0 ? [] : [{ rule, functions: ruleFunctions }]
      })
    },
    dispose: inspector.dispose,
  }
}

/** The functions of the rule itself, with offsets in its own text. */
function toRuleFunctions(functions: readonly FunctionCounts[], prefixLength: number): FunctionCounts[] {
  return functions
    .filter(
      ({ ranges: [outermostRange] }) => outermostRange !== undefined && outermostRange.startOffset >= prefixLength,
    )
    .map(({ functionName, ranges, isBlockCoverage }) => ({
      functionName,
      isBlockCoverage,
      ranges: ranges.map(({ startOffset, endOffset, count }) => ({
        startOffset: startOffset - prefixLength,
        endOffset: endOffset - prefixLength,
        count,
      })),
    }))
}
