import { parentPort } from 'node:worker_threads'

/** The id of the response that says that the thread has started. */
export const readyId = 0

export interface ThreadRequest<Input> {
  readonly id: number
  readonly input: Input
}

export interface ThreadResponse<Output> {
  readonly id: number
  readonly output?: Output
  readonly error?: { readonly name: string; readonly message: string; readonly errcode?: unknown }
}

/** Called by a thread's module: answers each request of `createThread` with the result of `handle`, or its error. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the handler to the types that its caller declares
export function serveRequests<Input, Output>(handle: (input: Input) => Output): void {
  parentPort?.postMessage({ id: readyId } satisfies ThreadResponse<Output>, [])
  parentPort?.on('message', ({ id, input }: ThreadRequest<Input>) => {
    parentPort?.postMessage(
      toResponse(id, () => handle(input)),
      [],
    )
  })
}

function toResponse<Output>(id: number, handle: () => Output): ThreadResponse<Output> {
  try {
    return { id, output: handle() }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    const errcode = error instanceof Error && 'errcode' in error ? error.errcode : undefined
    return { id, error: { name, message, errcode } }
  }
}
