/** How workers are started, beyond what this package does by itself. */
export interface LaunchOptions {
  /**
   * A command that starts a worker inside walls of the system, such as `['bwrap', '--ro-bind', '/', '/', …, '--']`. Node and its
   * arguments are appended. It must run Node as itself or as a descendant, and leave file descriptors and environment as they are.
   */
  readonly command?: readonly string[]
  /** The user that workers run as. This process must be allowed to change to it. Not on Windows. */
  readonly uid?: number
  /** The group that workers run as. Not on Windows. */
  readonly gid?: number
}
