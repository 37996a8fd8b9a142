/** The two pipes between a worker and its test; a worker blocks on the first, and never on the second. */
export const syncChannelFds = { answers: 4, toWorker: 5 } as const
