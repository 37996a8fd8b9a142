import { coldStart } from './modules.ts'

await coldStart()
