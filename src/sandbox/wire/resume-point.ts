/** How a login goes on that was suspended before. */
export interface ResumePoint {
  /** Where in the program it begins. */
  readonly ruleIndex: number
  /** The action that had sent the user elsewhere: now its `onContinuePostLogin` is called. */
  readonly action?: string
  /** What the user came back with. */
  readonly state?: string
  /** The login's protocol, where rules are told of another. */
  readonly protocol?: string
  /** What the request asked for that began the login: the one that goes on with it is another. */
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
