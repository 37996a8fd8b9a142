/** Wrong usage of the command line. The message says what would be right. */
export class UsageError extends Error {}
