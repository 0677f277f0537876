export const storeFaults = [
  "disk-full",
  "read-only",
  "io-error",
  "corrupt",
  "unreachable",
  "busy",
  "closed",
] as const;
export type StoreFault = (typeof storeFaults)[number];

/**
 * The store could not do it now, and nothing of it was written. Callers may try again: the store
 * recovers by itself when the cause is gone (`closed` excepted).
 */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable" as const;
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
