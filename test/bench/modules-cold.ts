import { logIn, moduleEngine, moduleRules } from './module-rules.ts'

/** The first login of a process, and its end. */
const engine = moduleEngine(moduleRules(true))
await logIn(engine)
await engine.close()
