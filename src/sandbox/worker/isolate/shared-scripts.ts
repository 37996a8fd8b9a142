import type ivm from 'isolated-vm'
import { LRUCache } from 'lru-cache'

/** A script that more than one isolate runs; its hash says which. */
interface SharedScript {
  readonly hash: string
  readonly code: string
  readonly filename: string
}

/** Compiles the shared scripts of one isolate. */
interface Compiler {
  compile(script: SharedScript): ivm.Script
  /** Keeps what V8 has made of the scripts by now for the isolates to come. */
  keep(): void
}

type Compiled = ivm.ExternalCopy<ArrayBuffer>

const maxCompiled = 10
/** What V8 made of scripts: it takes a third off the start of every further isolate. */
const compiled = new LRUCache<string, Compiled>({ max: maxCompiled })

export function compilerOf(isolate: ivm.Isolate): Compiler {
  let fresh: SharedScript[] = []
  return {
    compile(script) {
      const { hash, code, filename } = script
      const cachedData = compiled.get(hash)
      if (cachedData === undefined) fresh.push(script)
      return isolate.compileScriptSync(code, { filename, ...(cachedData === undefined ? {} : { cachedData }) })
    },
    keep() {
      const scripts = fresh
      fresh = []
      try {
        for (const { hash, code, filename } of scripts) {
          // The isolate still has the script: what it hands out are also the functions that have run since, without which
          // each start would compile them again.
          const again = isolate.compileScriptSync(code, { filename, produceCachedData: true })
          const { cachedData } = again as { readonly cachedData?: Compiled }
          if (cachedData !== undefined) compiled.set(hash, cachedData)
        }
      } catch {
        // The isolate is gone, or has no memory left: another one compiles for itself.
      }
    },
  }
}
