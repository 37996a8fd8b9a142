/** Functions of `process` that the permission model leaves open. No code of the worker needs them after its start. */
const unneededFunctions = [
  // Machine code from any folder: the permission model knows only whether addons are allowed at all.
  'dlopen',
  'binding',
  '_linkedBinding',
  // Signals to other processes of the same user.
  'kill',
  '_kill',
  '_debugProcess',
  'setuid',
  'seteuid',
  'setgid',
  'setegid',
  'setgroups',
  'initgroups',
] as const

/**
 * Takes functions away from `process` that Node's permission model leaves open. Call it when isolated-vm is loaded.
 *
 * This stops JavaScript that gets out of an isolate. It does not stop machine code.
 */
export function sealProcess(): void {
  for (const name of unneededFunctions) {
    const value = (): never => {
      throw Object.assign(new Error(`a worker has no process.${name}`), { code: 'ERR_ACCESS_DENIED' })
    }
    Object.defineProperty(process, name, { value, writable: false, configurable: false })
  }
}
