/**
 * Where a suspended login resumes.
 *
 * @example
 * const { user, context, clock, resumePoint } = loadRecording(file)
 * await engine.run({ user, context }, { time: clock, ...(resumePoint && { resumePoint }) })
 */
export interface ResumePoint {
  /** Index in the program of the first rule to run. */
  readonly ruleIndex: number
  /** Name of the action that suspended the login; its `onContinuePostLogin` is called. */
  readonly action?: string
  /** The `state` that the user returned with. */
  readonly state?: string
  /** Protocol of the login, if `context.protocol` is another one. */
  readonly protocol?: string
  /** Parameters of the request that began the login. The request that resumes it is another one. */
  readonly originalRequest?: OriginalRequest
}

/** The parameters of an authorization request. */
export interface OriginalRequest {
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** An action wants the user to do something before the next one runs. */
export interface Suspension {
  readonly by: 'redirect' | 'challenge'
  /** The action's name. */
  readonly action: string
}

/** Keys to save with a user; `null` deletes one. */
export interface MetadataBatch {
  readonly user?: Readonly<Record<string, unknown>>
  readonly app?: Readonly<Record<string, unknown>>
}
