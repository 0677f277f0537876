/**
 * The partition of an application. Stored rows are filed under the answer, so it must never
 * change for the same arguments: not with a version, not with a machine.
 */
export function partitionOf(applicationId: number, partitions: number): number {
  if (!Number.isSafeInteger(applicationId) || applicationId < 0) {
    throw new RangeError(`not an application id: ${applicationId}`);
  }
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 65_536) {
    throw new RangeError(`a number of partitions is 1 to 65536, not ${partitions}`);
  }
  const high = Math.floor(applicationId / 2 ** 32);
  return mix(mix(high) ^ applicationId) % partitions;
}

/** A bijection of 32-bit integers in which each bit depends on all (MurmurHash3's finalizer). */
function mix(value: number): number {
  let hash = (value ^ 0x9e3779b9) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
