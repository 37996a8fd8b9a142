/** Descriptors of the two pipes of a `SyncChannel`. A worker blocks on `answers`, and never on `toWorker`. */
export const syncChannelFds = { answers: 4, toWorker: 5 } as const
