/** A part of the package that is built on its own. */
export interface BuildPart {
  readonly name: string
  /** The files that are known to decide the result, as paths from `root`. They may be missing. */
  readonly listInputs: (root: string) => readonly string[]
  /**
   * Writes the part into `folder`, which is empty and laid out like `dist`.
   *
   * Resolves to the other files that it read, as paths from `root`.
   */
  readonly write: (root: string, folder: string) => Promise<readonly string[]>
}

/** Where a build reads its sources, and the folder that it updates. */
export interface BuildPaths {
  readonly root: string
  readonly target: string
}
