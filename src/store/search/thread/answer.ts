import { parentPort } from 'node:worker_threads'

/** Whose answer says that the thread has started. */
export const readyId = 0

export interface Question<Asked> {
  readonly id: number
  readonly asked: Asked
}

export interface Answer<Told> {
  readonly id: number
  readonly told?: Told
  readonly failure?: { readonly name: string; readonly message: string; readonly errcode?: unknown }
}

/** What the module of a thread does: each question of `createThread` gets the answer that the work returns, or its error. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- ties the work to what its asker declares
export function answerQuestions<Asked, Told>(work: (asked: Asked) => Told): void {
  parentPort?.postMessage({ id: readyId } satisfies Answer<Told>, [])
  parentPort?.on('message', ({ id, asked }: Question<Asked>) => {
    parentPort?.postMessage(
      answer(id, () => work(asked)),
      [],
    )
  })
}

function answer<Told>(id: number, work: () => Told): Answer<Told> {
  try {
    return { id, told: work() }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    const errcode = error instanceof Error && 'errcode' in error ? error.errcode : undefined
    return { id, failure: { name, message, errcode } }
  }
}
